"""The files browsers load: their addresses with a hash, and the vendored packages with their checksums."""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
REPOSITORY = Path(__file__).parents[2]
CHECKSUMS = "CHECKSUMS"


@cache
def address(path: str) -> str:
    """`podium.css` as `/static/podium.css?v=…`: it changes with the content, so it may be kept for ever."""
    content = (STATIC / path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


class Files(StaticFiles):
    """The static folder; a file asked for by its hashed address may be kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        is_hashed = scope["query_string"].startswith(b"v=")
        answer.headers["cache-control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return answer


def files() -> ASGIApp:
    """What is mounted at /static; packed, since youths come by phone."""
    return GZipMiddleware(Files(directory=STATIC), minimum_size=1_000)


@dataclass(frozen=True)
class Package:
    """A package of npm of which we keep a few files; `files` maps our name to the path inside the package."""

    name: str
    version: str
    folder: Path
    files: Mapping[str, str]

    @property
    def home(self) -> Path:
        return self.folder / f"{self.name}-{self.version}"


PACKAGES = (
    Package("htmx.org", "4.0.1", VENDOR, {"htmx.min.js": "dist/htmx.min.js", "LICENSE": "LICENSE"}),
    Package(
        "accessible-autocomplete",
        "3.0.1",
        VENDOR,
        {
            "accessible-autocomplete.min.js": "dist/accessible-autocomplete.min.js",
            "LICENSE.txt": "LICENSE.txt",
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        REPOSITORY / "tests" / "vendor",
        {
            "axe.min.js": "axe.min.js",
            "LICENSE": "LICENSE",
            "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
        },
    ),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def found_in(folder: Path) -> dict[str, str]:
    """Every file below a folder of vendored packages with its checksum, except the list itself."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / CHECKSUMS
    }


def written_in(folder: Path) -> dict[str, str]:
    """What the list says; the format is that of `sha256sum --check`."""
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def write_list(folder: Path) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in found_in(folder).items()]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def faults(folder: Path, packages: Sequence[Package]) -> list[str]:
    """What differs between the list, the files and the packages we say we keep; nothing is fetched."""
    if not (folder / CHECKSUMS).is_file():
        return [f"{CHECKSUMS} is missing in {folder.name}"]
    written, found = written_in(folder), found_in(folder)
    expected = {f"{package.home.name}/{name}" for package in packages for name in package.files}
    return (
        [f"missing: {name}" for name in sorted((expected | written.keys()) - found.keys())]
        + [f"not in the list: {name}" for name in sorted(found.keys() - written.keys())]
        + [f"of no package: {name}" for name in sorted(found.keys() - expected)]
        + [f"changed: {name}" for name in sorted(written) if found.get(name, written[name]) != written[name]]
    )


def fetch(package: Package) -> None:
    """Asks npm for the package and keeps the named files; the only step that needs node."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed; it is needed only to refresh vendored files")
    with tempfile.TemporaryDirectory() as folder:
        specification = f"{package.name}@{package.version}"
        command = [npm, "pack", "--silent", "--pack-destination", folder, specification]
        subprocess.run(command, check=True, cwd=folder, capture_output=True)  # noqa: S603 names from this file
        (archive,) = Path(folder).glob("*.tgz")
        unpack(package, archive)


def unpack(package: Package, archive: Path) -> None:
    """Puts the named files of a package's archive in its home, in place of what was there."""
    shutil.rmtree(package.home, ignore_errors=True)
    package.home.mkdir(parents=True)
    with tarfile.open(archive) as content:
        for name, inside in package.files.items():
            member = content.extractfile(f"package/{inside}")
            if member is None:
                raise FileNotFoundError(f"{inside} is not a file of {archive.name}")
            (package.home / name).write_bytes(member.read())


def refresh(packages: Sequence[Package]) -> None:
    """Fetches every package anew, removes versions we no longer name and writes the lists."""
    for package in packages:
        fetch(package)
    for folder in folders(packages):
        kept = {package.home for package in packages}
        for old in folder.iterdir():
            if old.is_dir() and old not in kept:
                shutil.rmtree(old)
        write_list(folder)


def folders(packages: Sequence[Package]) -> list[Path]:
    return sorted({package.folder for package in packages})


def check(packages: Sequence[Package]) -> list[str]:
    return [
        fault
        for folder in folders(packages)
        for fault in faults(folder, [package for package in packages if package.folder == folder])
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m service.web.assets", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare files with lists; fetch nothing")
    if not parser.parse_args(arguments).check:
        refresh(PACKAGES)
    found = check(PACKAGES)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
