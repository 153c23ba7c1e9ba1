"""What the tests share: a private folder, loggers left as they were found."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Optional

import asyncz_companion

PACKAGE = os.path.dirname(os.path.abspath(asyncz_companion.__file__))


class CompanionTest(unittest.TestCase):
    """Each test has a folder of its own with mode 0700, and nothing installed before or after."""

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="companion-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.path = os.path.join(self.folder, "feed.sock")
        self.address = f"unix:{self.path}"
        self.addCleanup(self._leave)
        # What the tests log is not for their output.
        last_resort = logging.lastResort
        logging.lastResort = logging.NullHandler()
        self.addCleanup(setattr, logging, "lastResort", last_resort)
        self.logger = logging.getLogger("asyncz.task")

    def _leave(self) -> None:
        asyncz_companion.uninstall_companion()
        for name in ("asyncz", "asyncz.task", "myapp", ""):
            logger = logging.getLogger(name or None)
            logger.setLevel(logging.WARNING if name == "" else logging.NOTSET)
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
                handler.close()

    def run_program(self, text: str, *args: str, timeout: float = 60) -> str:
        """Runs a program that can import the package, and returns what it prints."""
        environment = {**os.environ, "PYTHONPATH": PACKAGE, "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            # Python 3.12 and newer warn of any fork beside a thread.
            [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", text, *args],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout,
        )
        self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""))
        return ended.stdout.decode()


def import_or_none(name: str) -> Optional[object]:
    """A module that is not there on every machine."""
    try:
        return __import__(name)
    except ImportError:
        return None
