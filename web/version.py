"""The installed version."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("account-assistant")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "0+unknown"
