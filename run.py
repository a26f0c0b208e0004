"""Starts matchhub on a fresh checkout with Python 3.11 or newer and nothing else.

python3 run.py                  make .venv, install, create the database with the demo city, start web and worker
python3 run.py test [...]       every check: ruff, mypy, bandit, pytest with browser and PostgreSQL
                                [--long] [--without-browser] [--without-postgres] [--no-install] [pytest arguments]
python3 run.py bench [NAME ...] the benchmarks, or one of them with its arguments
python3 run.py audit            known weaknesses of the locked packages, from a public advisory list (needs a network)
python3 run.py sbom [FILE]      the software bill of materials (CycloneDX)
python3 run.py notices          write THIRD-PARTY-NOTICES.md anew
python3 run.py matchhub ...     the matchhub command inside .venv
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

# Before anything that an old Python cannot evaluate: this file must at least load there to say what is wrong.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "需要 Python 3.11 或更新版本,当前为 {0}。请安装新版 Python 后重试。\n"
        "Python 3.11 or newer is needed, this is {0}. Install a newer Python and try again.".format(
            ".".join(str(part) for part in sys.version_info[:3])
        )
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP_NAME = "matchhub-stamp"
# -P keeps the current folder off the import path: an operator's folder may hold a web/ of its own.
MATCHHUB = ["-P", "-c", "import sys; sys.argv[0] = 'matchhub'; from matchhub.cli import main; sys.exit(main())"]
CHECKED = ("matchhub", "ingest", "recommender", "web", "release", "run.py")  # by bandit: what runs, and no test
RELEASE = ("audit", "sbom", "notices")  # modules of release/
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def say(chinese: str, english: str) -> None:
    """One thing to a person, in both languages; on standard error, which leaves standard output to the command."""
    print(f"{chinese}\n{english}", file=sys.stderr, flush=True)


def stop(chinese: str, english: str) -> NoReturn:
    say(chinese, english)
    raise SystemExit(1)


# --- The environment -------------------------------------------------------------------------------------------------


def venv_python(venv: Path = VENV) -> Path:
    """The interpreter inside ``venv``, whether or not it exists."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(venv: Path = VENV, root: Path = ROOT) -> str:
    """What an installed environment depends on: the lock, the project file, the place and the venv's Python."""
    digest = hashlib.sha256()
    for file in (root / "requirements.lock", root / "pyproject.toml", venv / "pyvenv.cfg"):
        digest.update(file.read_bytes() if file.exists() else b"-")
    digest.update(str(root).encode())
    return digest.hexdigest()


def is_ready(venv: Path = VENV, root: Path = ROOT) -> bool:
    """True when ``venv`` was installed from exactly this lock, so that a start has nothing to do."""
    kept = venv / STAMP_NAME
    return venv_python(venv).exists() and kept.exists() and kept.read_text(encoding="ascii") == stamp(venv, root)


def works(python: Path) -> bool:
    """True when the interpreter starts, is new enough and has pip (a moved or half-made venv does not)."""
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv(venv: Path = VENV) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop(
            "缺少 Python 的 venv 组件,请先执行:apt-get install python3-venv(非 root 用户请加 sudo),然后重试。",
            "Python's venv module is missing: run apt-get install python3-venv (with sudo if not root) and try again.",
        )
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", venv], stdout=sys.stderr, check=False)
    if made.returncode != 0:
        stop(
            f"无法在 {venv} 建立运行环境。请检查该目录的写权限和磁盘空间,然后重试。",
            f"The environment cannot be made in {venv}. Check that the folder is writable and the disk not full.",
        )


def install(venv: Path = VENV, root: Path = ROOT) -> None:
    """Install the locked packages, each checked by its hash, then the project itself in place."""
    pip = [str(venv_python(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    add = [*pip, "install", "--quiet", "--no-deps"]
    steps = (
        [*add, "--require-hashes", "--requirement", str(root / "requirements.lock")],
        [*add, "--no-build-isolation", "--editable", str(root)],
    )
    for step in steps:
        if subprocess.run(step, stdout=sys.stderr, check=False).returncode != 0:
            stop(
                "依赖安装失败,原因见上。请检查网络或 pip 镜像设置后重试,已完成的部分会保留。",
                "Installing failed for the reason above. Check the network or pip's settings and try again.",
            )
    (venv / STAMP_NAME).write_text(stamp(venv, root), encoding="ascii")


def prepare() -> None:
    """Make ``.venv`` what the lock says; nothing to do when it already is."""
    if is_ready():
        return
    say("正在准备运行环境(首次约需几分钟)……", "Preparing the environment (a few minutes the first time) …")
    if not works(venv_python()):
        make_venv()
    install()


def hand_over(arguments: list[str]) -> NoReturn:
    """Become the environment's Python with these arguments, so that signals reach the command itself."""
    command = [str(venv_python()), *arguments]
    if os.name == "nt":
        raise SystemExit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


# --- What the tests need of the machine ------------------------------------------------------------------------------


def find_browser() -> Path | None:
    """The system's Chromium, or the one named in ``MATCHHUB_TEST_BROWSER``."""
    named = os.environ.get("MATCHHUB_TEST_BROWSER")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


def find_postgres() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, the newest of Debian's first; or ``MATCHHUB_TEST_POSTGRES_BIN``."""
    named = os.environ.get("MATCHHUB_TEST_POSTGRES_BIN")
    if named:
        return Path(named) if (Path(named) / "initdb").exists() else None
    packaged = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if packaged:
        return max(packaged, key=lambda folder: float(folder.parent.name))
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    return Path(initdb).parent if initdb and pg_ctl and Path(initdb).parent == Path(pg_ctl).parent else None


def has_chinese_font() -> bool:
    """True when a font with Chinese glyphs is installed: without one, pictures show boxes and widths are wrong."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def missing_packages(browser: bool, postgres: bool) -> list[str]:
    """Debian packages that the wanted tests need and the machine lacks."""
    missing = []
    if browser and find_browser() is None:
        missing.append("chromium")
    if browser and not has_chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    if postgres and find_postgres() is None:
        missing.append("postgresql")
    return missing


def apt_install(packages: list[str]) -> None:
    """Install Debian packages; failures show in what is still missing afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"正在安装测试所需软件:{' '.join(packages)}……", f"Installing for the tests: {' '.join(packages)} …")
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *step], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)


def equip(browser: bool, postgres: bool, may_install: bool) -> None:
    """See that the machine has what the tests need: install it as root on Debian or Ubuntu, else say it and stop."""
    missing = missing_packages(browser, postgres)
    if missing and may_install and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(missing)
        missing = missing_packages(browser, postgres)
    if missing:
        names = " ".join(missing)
        stop(
            f"测试缺少软件,请执行:sudo apt-get install {names};或以 --without-browser、--without-postgres 明确跳过。",
            f"Missing for the tests: sudo apt-get install {names}; or skip by --without-browser, --without-postgres.",
        )


# --- The commands ----------------------------------------------------------------------------------------------------


def read_options(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Our own flags, and the rest for pytest."""
    parser = argparse.ArgumentParser(prog="run.py test", allow_abbrev=False, add_help=False)
    for flag in ("--long", "--without-browser", "--without-postgres", "--no-install"):
        parser.add_argument(flag, action="store_true")
    return parser.parse_known_args(arguments)


def environment_for(options: argparse.Namespace) -> dict[str, str]:
    """The environment that tells the fixtures what was left out on purpose."""
    wanted = {
        "MATCHHUB_TEST_LONG": options.long,
        "MATCHHUB_TEST_WITHOUT_BROWSER": options.without_browser,
        "MATCHHUB_TEST_WITHOUT_POSTGRES": options.without_postgres,
    }
    inherited = {name: value for name, value in os.environ.items() if name not in wanted}
    return {**inherited, **{name: "1" for name, on in wanted.items() if on}}


def pytest_arguments(given: list[str]) -> list[str]:
    """Three processes unless the caller says otherwise: on two cores, for a third of the tests wait for a browser, a
    database server or a command most of their time."""
    says_processes = any(each == "-n" or each.startswith(("-n=", "--numprocesses")) for each in given)
    return given if says_processes else ["-n", "3", *given]


def run_tests(arguments: list[str]) -> int:
    """ruff, mypy, bandit and pytest, all even when one fails; the last words are pytest's own when all is well."""
    options, rest = read_options(arguments)
    prepare()
    equip(not options.without_browser, not options.without_postgres, not options.no_install)
    python = str(venv_python())
    checks = {
        "ruff": ["ruff", "check", "."],
        "mypy": ["mypy"],
        "bandit": ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *CHECKED],
        # Long tests may take an hour; an ordinary one that hangs is ended by the limit in pyproject.toml.
        "pytest": ["pytest", *(["--timeout=5400"] if options.long else []), *pytest_arguments(rest)],
    }
    environment = environment_for(options)
    failed = []
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if subprocess.run([python, "-m", *command], cwd=ROOT, env=environment, check=False).returncode != 0:
            failed.append(name)
    if failed:
        say(f"未通过:{'、'.join(failed)},详见上文。", f"Failed: {', '.join(failed)}; see above.")
    return 1 if failed else 0


def run_benchmarks(arguments: list[str]) -> int:
    """Every module of ``bench/`` in turn, or the one named first with the arguments that follow it."""
    prepare()
    names = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))
    if arguments and arguments[0] not in names:
        stop(
            f"没有名为 {arguments[0]} 的基准测试。可选:{'、'.join(names)}。",
            f"There is no benchmark {arguments[0]}. Choose from: {', '.join(names)}.",
        )
    chosen = [[arguments[0], *arguments[1:]]] if arguments else [[name] for name in names]
    results = [
        subprocess.run([str(venv_python()), "-m", f"bench.{name}", *rest], cwd=ROOT, check=False).returncode
        for name, *rest in chosen
    ]
    return max(results, default=0)


def main(arguments: list[str]) -> int:
    """Exit status: 0 done, 1 something failed or is missing, 2 wrong usage."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("up", [])
    if command == "up" and not rest:
        prepare()
        hand_over([*MATCHHUB, "up"])
    if command == "matchhub":
        prepare()
        hand_over([*MATCHHUB, *rest])
    if command == "test":
        return run_tests(rest)
    if command == "bench":
        return run_benchmarks(rest)
    if command in RELEASE:
        prepare()
        done = subprocess.run([str(venv_python()), "-m", f"release.{command}", *rest], cwd=ROOT, check=False)
        return done.returncode
    print(__doc__, file=sys.stderr if command not in ("-h", "--help") else sys.stdout)
    return 0 if command in ("-h", "--help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
