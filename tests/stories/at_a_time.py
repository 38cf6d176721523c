"""Serve a site as it would be at another time, its clock going on from there: for stories that last over a night.

`python -m tests.stories.at_a_time <port> <moment>`, with OPINOVI_HOME set.
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
    port, moment = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    with time_machine.travel(moment, tick=True):
        from opinovi.wsgi import application

        make_server("127.0.0.1", port, application, Server, Quiet).serve_forever()


if __name__ == "__main__":
    main()
