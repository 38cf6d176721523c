"""The one console command: Django's commands and ours."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["opinovi", *sys.argv[1:]])
    except Exception as error:
        from opinovi.base.failing import in_words

        told = in_words(error)
        if not told or os.environ.get("OPINOVI_DEBUG"):
            raise
        sys.exit(f"\n{told}")


if __name__ == "__main__":
    main()
