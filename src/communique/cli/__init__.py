"""The command line. Modules hold one group of commands each and no logic of the field; heavy imports stay inside."""

import sys


def main() -> None:
    """Entry point: expected failures become one line on stderr and exit status 2."""
    from communique.cli.main import app
    from communique.errors import CommuniqueError

    try:
        app()
    except CommuniqueError as error:
        print(f"communique: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


if __name__ == "__main__":
    main()
