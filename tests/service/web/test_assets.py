"""Vendored files are what their lists say, addresses change with content, and no page breaks the policy."""

import gzip
import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest

from service.web import assets
from service.web.assets import Package

SERVICE = Path(assets.__file__).parents[1]
REPOSITORY = SERVICE.parent
TEMPLATES = sorted(path for path in SERVICE.glob("*/templates/**/*.html") if "mails" not in path.parts)
SPRITE = (assets.STATIC / "icons.svg").read_text("utf-8")


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(
        "sweet-peas", "1.2.0", tmp_path / "vendor", {"peas.js": "dist/peas.js", "LICENSE": "LICENSE"}
    )


@pytest.fixture
def vendored(package: Package) -> Package:
    """The package as `npm pack` would hand it over, unpacked and listed."""
    archive = package.folder.parent / "sweet-peas-1.2.0.tgz"
    with tarfile.open(archive, "w:gz") as content:
        for name, text in {"dist/peas.js": b"peas()", "LICENSE": b"0BSD", "README.md": b"unwanted"}.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text)
            content.addfile(entry, io.BytesIO(text))
    assets.unpack(package, archive)
    assets.write_list(package.folder)
    return package


def test_what_is_vendored_is_what_the_lists_say() -> None:
    assert assets.check(assets.PACKAGES) == []


def test_the_command_checks_without_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert assets.main(["--check"]) == 0


def test_only_the_named_files_are_kept(vendored: Package) -> None:
    assert sorted(path.name for path in vendored.home.iterdir()) == ["LICENSE", "peas.js"]
    assert assets.check([vendored]) == []


def test_a_changed_file_is_found(vendored: Package) -> None:
    (vendored.home / "peas.js").write_text("weeds()")

    assert assets.check([vendored]) == ["changed: sweet-peas-1.2.0/peas.js"]


def test_a_missing_file_is_found(vendored: Package) -> None:
    (vendored.home / "LICENSE").unlink()

    assert assets.check([vendored]) == ["missing: sweet-peas-1.2.0/LICENSE"]


def test_a_stray_file_is_found(vendored: Package) -> None:
    (vendored.home / "extra.js").write_text("extra()")

    assert assets.check([vendored]) == [
        "not in the list: sweet-peas-1.2.0/extra.js",
        "of no package: sweet-peas-1.2.0/extra.js",
    ]


def test_a_missing_list_is_found(vendored: Package) -> None:
    (vendored.folder / assets.CHECKSUMS).unlink()

    assert assets.check([vendored]) == ["CHECKSUMS is missing in vendor"]


def test_the_list_reads_like_that_of_sha256sum(vendored: Package) -> None:
    digest = hashlib.sha256(b"peas()").hexdigest()

    lines = (vendored.folder / assets.CHECKSUMS).read_text().splitlines()

    assert f"{digest}  sweet-peas-1.2.0/peas.js" in lines


def test_without_npm_a_refresh_says_what_is_missing(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(FileNotFoundError, match="npm is not installed"):
        assets.fetch(package)


def test_every_package_brings_its_licence() -> None:
    for package in assets.PACKAGES:
        assert any(name.startswith("LICENSE") for name in package.files), package.name


def test_the_address_changes_with_the_content() -> None:
    content = (assets.STATIC / "podium.css").read_bytes()

    assert assets.address("podium.css") == f"/static/podium.css?v={hashlib.sha256(content).hexdigest()[:12]}"


def test_what_templates_load_exists() -> None:
    named = {
        name for path in TEMPLATES for name in re.findall(r'asset\("([^"]+)"\)', path.read_text("utf-8"))
    }

    assert {"podium.css", "theme.css", "podium.js", "icons.svg"} <= named
    assert not [name for name in named if not (assets.STATIC / name).is_file()]


def test_what_templates_draw_is_in_the_sprite() -> None:
    drawn = re.compile(r'(?:ui\.|\b)icon\("([\w-]+)"|icon_name="([\w-]+)"')
    names = {
        first or second for path in TEMPLATES for first, second in drawn.findall(path.read_text("utf-8"))
    }

    assert {"menu", "print", "warning"} <= names
    assert not [name for name in names if f'<symbol id="{name}"' not in SPRITE]


SECTORS = [
    "BOUW",
    "TECH",
    "WATER",
    "MOB",
    "ZORG",
    "ONDERWIJS",
    "HANDEL",
    "ICT",
    "CREA",
    "HORECA",
    "GROEN",
    "ZAKELIJK",
    "VEILIG",
    "VAK",
]


@pytest.mark.parametrize("code", SECTORS)
def test_every_sector_has_a_picture(code: str) -> None:
    assert f'<symbol id="{code}" viewBox="0 0 48 48"' in SPRITE


def test_nothing_on_a_page_needs_inline_style_or_script() -> None:
    """The content security policy would block it, and then the page looks broken only in production."""
    forbidden = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    found = [
        f"{path.name}: {match.group()}"
        for path in TEMPLATES
        for match in forbidden.finditer(path.read_text("utf-8"))
    ]

    assert len(TEMPLATES) > 3
    assert not found


def test_our_own_files_stay_small() -> None:
    """Youths come by phone, on a bus: the whole look is less than one small photograph."""
    own = {name: (assets.STATIC / name).read_bytes() for name in ("podium.css", "theme.css", "podium.js")}

    assert len(own["podium.js"]) < 12_288
    assert len(own["podium.css"]) + len(own["theme.css"]) < 39_000
    assert sum(len(gzip.compress(content)) for content in own.values()) < 15_000


def test_every_colour_comes_from_the_theme() -> None:
    rules = (assets.STATIC / "podium.css").read_text("utf-8").split("@layer print {")[0]

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", rules)
    for name in set(re.findall(r"var\((--(?:basis|podium)-[\w-]+)", rules)):
        assert f"{name}:" in (assets.STATIC / "theme.css").read_text("utf-8"), name


def colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"(--basis-[\w-]+): (#[0-9a-f]{3,6});", text))


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 counts it."""

    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT, EDGE = 4.5, 3.0
DEFAULT_GROUNDS = ("default-bg-document", "default-bg-subtle")
PAIRS = (
    [
        (ink, ground, TEXT)
        for ink in ("default-color-default", "default-color-subtle")
        for ground in DEFAULT_GROUNDS
    ]
    + [
        ("default-color-default", "default-bg-hover", TEXT),
        ("accent-1-color-default", "accent-1-bg-subtle", TEXT),
    ]
    + [("accent-1-color-default", ground, TEXT) for ground in DEFAULT_GROUNDS]
    + [
        ("accent-1-inverse-color-default", f"accent-1-inverse-bg-{state}", TEXT)
        for state in ("default", "hover")
    ]
    + [("accent-1-inverse-bg-default", ground, EDGE) for ground in DEFAULT_GROUNDS]
    + [("default-border-default", ground, EDGE) for ground in DEFAULT_GROUNDS]
    + [
        (f"{tone}-{part}", f"{tone}-bg-subtle", least)
        for tone in ("positive", "warning", "negative")
        for part, least in (("color-default", TEXT), ("border-default", EDGE))
    ]
    + [("negative-inverse-color-default", "negative-border-default", TEXT)]
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_borders_stand_out(scheme: str) -> None:
    theme = (assets.STATIC / "theme.css").read_text("utf-8")
    light, dark = theme.split("@media screen and (prefers-color-scheme: dark)")
    found = colours(light) | (colours(dark) if scheme == "dark" else {})

    weak = [
        f"{front} on {back}: {measured:.2f} < {least}"
        for front, back, least in PAIRS
        if (measured := contrast(found[f"--basis-color-{front}"], found[f"--basis-color-{back}"])) < least
    ]

    assert not weak
    hero = dict(
        re.findall(r"(--podium-hero-[\w-]+): (#[0-9a-f]{3,6});", light if scheme == "light" else theme)
    )
    assert contrast(hero["--podium-hero-color"], hero["--podium-hero-background-color"]) >= TEXT
    field = found["--basis-form-control-border-color"], found["--basis-form-control-background-color"]
    assert contrast(*field) >= EDGE
