"""The build hook of the playground: what it keeps, what it refuses, and that it never fails."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from schema import playground

HOOK = Path(__file__).parents[2] / "playground_assets.py"
SCRIPT = b"the script"


class Interface:
    """What hatchling gives a hook, as far as ours uses it: its build requirements are not ours."""

    def __init__(self, root) -> None:
        self.root = str(root)
        self.app = self
        self.said = []

    def __class_getitem__(cls, _) -> type:
        return cls

    def display_warning(self, line):
        self.said.append(line)


@pytest.fixture
def hook(monkeypatch):
    """The hook's module, loaded by its path as hatchling loads it, with one small package."""
    interface = ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = Interface
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    spec = importlib.util.spec_from_file_location("playground_assets", HOOK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(hook, monkeypatch):
    """The hook with one small package in place of the real ones."""
    asset = hook.Asset("dist/a.js", "a-1.0.js", hook.sha256(SCRIPT))
    monkeypatch.setattr(hook, "PACKAGES", (hook.Package("a", "1.0", digest(SCRIPT), (asset,)),))
    return hook


def tarball(content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("package/dist/a.js")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def digest(content):
    return base64.b64encode(hashlib.sha512(tarball(content)).digest()).decode()


def delivering(content):
    """An npm that downloads a tarball with this content."""

    def run(command, *, cwd, timeout, check, capture_output):
        assert (timeout, check, capture_output) == (120, True, True)
        assert command[1:3] == ["pack", "a@1.0"]
        assert "--ignore-scripts" in command
        Path(cwd, "a-1.0.tgz").write_bytes(tarball(content))

    return run


def initialized(module, root):
    built = module.PlaygroundAssets(root)
    data = {"artifacts": []}
    built.initialize("editable", data)
    assert data == {"artifacts": ["/schema/playground_assets/*"]}
    return built.said


def raising(error):
    """An npm that fails."""

    def run(_, *, cwd, timeout, check, capture_output):
        assert (timeout, check, capture_output) == (120, True, True)
        assert Path(cwd).is_dir()
        raise error

    return run


def test_the_page_asks_for_files_that_the_hook_fetches(hook):
    fetched = {asset.name for package in hook.PACKAGES for asset in package.assets}
    assert fetched - playground.FETCHED_ASSETS.keys() == {"react.LICENSE", "graphiql.LICENSE"}
    assert playground.FETCHED_ASSETS.keys() <= fetched
    assert Path(hook.FOLDER).name == playground.FETCHED.name


def test_the_hook_names_no_host():
    assert "://" not in HOOK.read_text(encoding="utf-8")


def test_a_fetched_script_lands_in_the_work_tree_and_nothing_beside_it(
    small, tmp_path, monkeypatch
):
    monkeypatch.setattr(small, "npm", lambda: ["npm"])
    monkeypatch.setattr(small.subprocess, "run", delivering(SCRIPT))
    assert initialized(small, tmp_path) == []
    (only,) = (tmp_path / small.FOLDER).iterdir()
    assert (only.name, only.read_bytes()) == ("a-1.0.js", SCRIPT)


def test_scripts_that_are_there_are_not_fetched_again(small, tmp_path, monkeypatch):
    folder = tmp_path / small.FOLDER
    folder.mkdir(parents=True)
    (folder / "a-1.0.js").write_bytes(SCRIPT)
    monkeypatch.setattr(small.subprocess, "run", raising(AssertionError("npm was called")))
    assert initialized(small, tmp_path) == []


def test_a_script_that_was_changed_is_fetched_again(small, tmp_path, monkeypatch):
    folder = tmp_path / small.FOLDER
    folder.mkdir(parents=True)
    (folder / "a-1.0.js").write_bytes(b"changed")
    monkeypatch.setattr(small, "npm", lambda: ["npm"])
    monkeypatch.setattr(small.subprocess, "run", delivering(SCRIPT))
    assert initialized(small, tmp_path) == []
    assert (folder / "a-1.0.js").read_bytes() == SCRIPT


def test_a_tarball_other_than_the_pinned_one_is_refused_and_nothing_is_kept(
    small, tmp_path, monkeypatch
):
    monkeypatch.setattr(small, "npm", lambda: ["npm"])
    monkeypatch.setattr(small.subprocess, "run", delivering(b"another script"))
    (said,) = initialized(small, tmp_path)
    assert "(a 1.0 is not the pinned tarball)" in said
    assert not (tmp_path / small.FOLDER).exists()


def test_a_file_other_than_the_pinned_one_is_refused(small):
    asset = small.Asset("dist/a.js", "a-1.0.js", small.sha256(b"another script"))
    package = small.Package("a", "1.0", digest(SCRIPT), (asset,))
    with pytest.raises(ValueError, match=r"^dist/a\.js of a is not the pinned file$"):
        small.kept(package, tarball(SCRIPT))


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (
            subprocess.CalledProcessError(1, "npm", stderr=b"npm warn\nnpm error code ENOTFOUND\n"),
            "(npm error code ENOTFOUND)",
        ),
        (subprocess.TimeoutExpired("npm", 120), "timed out after 120 seconds"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_a_fetch_that_fails_is_told_in_one_line_and_fails_nothing(
    small, tmp_path, monkeypatch, failure, cause
):
    monkeypatch.setattr(small, "npm", lambda: ["npm"])
    monkeypatch.setattr(small.subprocess, "run", raising(failure))
    (said,) = initialized(small, tmp_path)
    assert said.startswith("The playground's scripts were not fetched (")
    assert cause in said
    assert "\n" not in said


def test_without_any_npm_the_install_goes_on(small, tmp_path, monkeypatch):
    monkeypatch.setattr(small.shutil, "which", lambda _: None)
    monkeypatch.setattr(small.importlib.util, "find_spec", lambda _: None)
    (said,) = initialized(small, tmp_path)
    assert "(npm is not installed)" in said


def test_npm_from_pypi_runs_where_the_machine_has_none(hook, monkeypatch):
    monkeypatch.setattr(hook.shutil, "which", lambda _: None)
    monkeypatch.setattr(hook.importlib.util, "find_spec", lambda _: object())
    assert hook.npm() == [sys.executable, "-c", hook.RUN_NPM_FROM_PYPI]


def test_npm_from_pypi_is_a_requirement_only_where_it_will_be_used(small, tmp_path, monkeypatch):
    built = small.PlaygroundAssets(tmp_path)
    monkeypatch.setattr(small.shutil, "which", lambda _: "/usr/bin/npm")
    assert built.dependencies() == []
    monkeypatch.setattr(small.shutil, "which", lambda _: None)
    assert built.dependencies() == [small.NPM_FROM_PYPI]
    folder = tmp_path / small.FOLDER
    folder.mkdir(parents=True)
    (folder / "a-1.0.js").write_bytes(SCRIPT)
    assert built.dependencies() == []
