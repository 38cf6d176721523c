"""What the worker does for the figures, again and again."""

from opinovi.base.rounds import every
from opinovi.impact.actions import complaints, feedback
from opinovi.impact.counting import catch_up
from opinovi.impact.stocktaking import take_all_stock
from opinovi.impact.telling import send_queries, tell_changes

HOUR = 3600


@every(seconds=300)
def count_new() -> None:
    catch_up()


@every(seconds=HOUR)
def watch_and_ask() -> None:
    complaints.watch()
    feedback.ask_after_meetings()


@every(seconds=6 * HOUR)
def take_down() -> None:
    take_all_stock()


@every(seconds=12 * HOUR)
def tell_and_forget() -> None:
    tell_changes()
    send_queries()
    feedback.forget_old()
    complaints.forget_old()
