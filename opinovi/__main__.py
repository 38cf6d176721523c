"""The one console command: Django's commands and ours."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["opinovi", *sys.argv[1:]])


if __name__ == "__main__":
    main()
