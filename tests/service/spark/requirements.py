"""What the tests of Spark need: where it is missing they are skipped with the reason, but in CI they fail."""

import os
import shutil
from importlib.util import find_spec

import pytest

PACKAGES = ("pyspark", "pyarrow", "pandas")


def require_spark() -> None:
    """Skip the test, or the page of tests that is being imported, where the extra `spark` or Java is missing."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        missing.append("java")
    if not missing:
        return
    reason = f"no Spark here: {', '.join(missing)} missing (make spark, apt install default-jre-headless)"
    if "CI" in os.environ:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)
