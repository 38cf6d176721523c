"""Serve a site as it would be at another time, its clock going on from there: for stories that last over a night.

`python -m tests.stories.at_a_time <port> <moment>`, with OPINOVI_HOME set; with `rounds` in place of a port, do once what
the worker does then, letters included.
"""

import os
import sys
from datetime import datetime
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import time_machine

os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_told: object) -> None:
        pass


def main() -> None:
    moment = datetime.fromisoformat(sys.argv[2])
    with time_machine.travel(moment, tick=True):
        from opinovi.wsgi import application

        if sys.argv[1] == "rounds":
            go_round()
        else:
            make_server("127.0.0.1", int(sys.argv[1]), application, Server, Quiet).serve_forever()


def go_round() -> None:
    from opinovi.base.mail import send_waiting
    from opinovi.base.rounds import ROUNDS

    for one in ROUNDS:
        one.work()
    send_waiting()


if __name__ == "__main__":
    main()
