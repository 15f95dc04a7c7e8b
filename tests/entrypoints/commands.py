"""The command line in process, as a shell would use it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from entrypoints.cli import main


def run(*arguments, **variables):
    """What a command comes to: its exit status, its output, its errors."""
    runner = CliRunner(env={"CRANE_DATABASE_URL": None, "CRANE_KEY": None, **variables})
    result = runner.invoke(main, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def founded(url, *more):
    options = ("--name", "Acme", "--currency", "USD", "--database", url, "--json")
    status, output, _ = run("organization", "create", *options, *more)
    assert status == 0
    return json.loads(output)
