import subprocess


def git_version() -> bytes:
    return subprocess.check_output(["git", "--version"])
