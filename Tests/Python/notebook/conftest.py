"""Projects and kernels that several tests use."""

import pathlib
import shutil
import sys

import pytest

from running import Session, run_file

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "conformance"))
import specification  # noqa: E402

specification.watch()


@pytest.fixture(autouse=True)
def every_message_is_as_specified():
    specification.found.clear()
    yield
    assert not specification.found, specification.found[:10]


@pytest.fixture
def session_in():
    """Starts kernels in folders; they are ended with the test."""
    sessions = []

    def start(folder):
        sessions.append(Session(folder))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


@pytest.fixture(scope="session")
def demo_tiles(tmp_path_factory):
    """The demo project as it is written, without results. Copy it; do not work in it."""
    folder = tmp_path_factory.mktemp("demo")
    run_file(folder, "demo demo\n")
    shutil.rmtree(folder / "demo" / "tessera", ignore_errors=True)
    return folder / "demo"


@pytest.fixture(scope="session")
def mapped_demo(demo_tiles, tmp_path_factory):
    """A copy of the demo with features in its store; the map and the table are written beside it."""
    folder = tmp_path_factory.mktemp("mapped")
    shutil.copytree(demo_tiles, folder / "demo")
    run_file(folder, "project ./demo\ndf = features models/hpv.onnx outcomes=HPV_status\n"
                     "u = slide_map df\nsave u map.csv\n")
    return folder
