#!/usr/bin/env python3
"""Opens a page of relax-spectro report in a real browser (headless Chromium) and uses it as people do. The exit
code is 1 if something is wrong, and 3 without a browser. scripts/test runs it where there is one.

Example:
  tests/cli/browse_report.py                                   a page of the tests' smallest model
  tests/cli/browse_report.py --page results/report.html        one of yours
  tests/cli/browse_report.py --screenshots shots               keeps pictures: light, dark, narrow, on paper

It checks that:
* The console has no errors, and the browser sends no requests.
* Pictures and sound can be decoded, and the sound moves the line over the picture.
* Parts of a sound go on from each other.
* Points of a space play their recordings.
* The keyboard reaches everything, sorts the overview, zooms to a window and changes the map's opacity.
* Screen readers get names, and a table at every width. Pictures have a text, and links lead somewhere.
* Text has a contrast of 4.5, in the light and the dark theme.
* Nothing is wider than the screen, at five widths.
* Without script, the page has the same content.

Needs the programs and test models (scripts/build), and Debian's packages chromium, chromium-driver, python3-numpy
and python3-selenium, which are installed if they are missing (as root or with sudo, and not with
RELAX_SPECTRO_NO_PACKAGES=1).
"""

import base64
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.append(str(SOURCE / "scripts"))
from browser import CONTRAST, emulate, focused, open_browser, press, provide_browser, requests_of, resize, tab_to
from command_line import Parser, existing_file

failures = []


def check(holds, what):
    print(f"{'ok  ' if holds else 'FAIL'}  {what}", flush=True)
    if not holds:
        failures.append(what)


def make_page(folder):
    """A page of five recordings in two groups, one of them of two models, one unreadable, some with tests."""
    from cli_test_case import MODELS, PROGRAMS, noise, quick, tone, write_wav
    models, program = Path(MODELS), Path(PROGRAMS) / "relax-spectro"

    def relax(*arguments):
        subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    results = folder / "results"
    recordings = (("dog", 0.17, "dog"), ('owl <at night> & "far"', 0.9, "birds & more"), ("fox", 3.2, "dog"),
                  ("cut", 0.2, ""))
    with open(folder / "list.csv", "w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "label"))
        for name, duration_s, label in recordings:
            samples = noise(duration_s, seed=len(name)) * 0.2 + tone(1100, duration_s)
            rows.writerow((write_wav(folder / f"{name}.wav", samples), label))
    relax("batch", folder / "list.csv", "--model", models / "two-layers.pt", "-o", results, "--quiet", *quick(100))
    relax("explain", folder / "fox.wav", "--model", models / "class-scores-only.pt", "--score", "top", "-o",
          results / "other", "--quiet", *quick(100))
    relax("flip", results / "dog.json", results / "fox.json", "-o", results, "--quiet", "--figure", "none")
    relax("sanity", results / "dog.json", "-o", results, "--quiet", "--figure", "none", "--threads", 1)
    relax("listen", results / "fox.json", "-o", results, "--quiet")
    (results / "cut.npz").write_bytes(b"PK")
    (results / "calls.space.json").write_text('{"format": "relax-spectro space", "verdict": "Two labels."}')
    (results / "calls.labels.csv").write_text("label\ncall\nsong\n")
    (results / "calls.space.csv").write_text("file,label,vote,x,y\n" + "".join(
        f"{folder / name}.wav,{label},call,{x},1\n" for name, label, x in (("dog", "call", 0), ("fox", "song", 1))))
    subprocess.run([program, "report", results, "-q"], check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return results / "report.html"


def check_quiet(driver, page):
    errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    check(not errors, f"no error on the console {errors[:3] or ''}")
    others = [url[:80] for url in requests_of(driver) if not url.startswith("data:")
              and url.split("#")[0] != page.as_uri() and not url.startswith("chrome:")]
    check(not others, f"no request to anywhere {others[:3] or ''}")


def check_media(driver):
    pictures = driver.execute_async_script("""
        const decoded = (source) => {
          const image = new Image();
          image.src = source;
          return image.decode().then(() => image.naturalWidth, () => 0);
        };
        const sources = [...document.querySelectorAll('image, img')].map((one) => one.src ?? one.href.baseVal);
        Promise.all(sources.map(decoded)).then(arguments[0]);""")
    check(pictures and all(width > 0 for width in pictures), f"{len(pictures)} pictures are decoded")
    durations = driver.execute_async_script("""
        const done = arguments[0];
        const players = [...document.querySelectorAll('audio')].filter((a) => a.src.startsWith('data:'));
        const duration = (a) => new Promise((resolve) => {
          if (a.readyState > 0) resolve(a.duration);
          a.addEventListener('loadedmetadata', () => resolve(a.duration));
          a.addEventListener('error', () => resolve(0));
          setTimeout(() => resolve(-1), 8000);
          a.load();
        });
        Promise.all(players.map(duration)).then(done);""")
    check(durations and all(duration > 0 for duration in durations), f"{len(durations)} recordings can be played")


def check_keyboard(driver):
    from selenium.webdriver.common.keys import Keys
    press(driver, Keys.TAB)
    box = focused(driver).rect
    check(focused(driver).text.startswith("Skip to") and box["x"] >= 0, "Tab first shows the link that skips")
    press(driver, Keys.ENTER)

    def order(column):
        return driver.execute_script(
            "return [...document.querySelectorAll('#overview-table tbody tr:not(.group)')].map((row) => "
            "row.cells[arguments[0]].dataset.value ?? null)", column)

    count = driver.execute_script("return document.querySelectorAll('#overview-table thead button').length")
    button = tab_to(driver, "#overview-table thead button")
    check(button is not None, "Tab reaches the header of the overview")
    for column in range(count):
        numeric = driver.execute_script(
            "return document.activeElement.parentElement.dataset.kind === 'number'")

        def value(text, numeric=numeric):
            return float(text) if numeric else text.lower()

        title = focused(driver).text
        for key, state, backwards in ((Keys.ENTER, "ascending", False), (Keys.SPACE, "descending", True)):
            press(driver, key)
            values = order(column + 1)  # the picture comes first
            known = [value(text) for text in values if text is not None]
            nothing_before = all(text is not None for text in values[:len(known)])
            sort = driver.execute_script("return document.activeElement.parentElement.ariaSort")
            said = driver.execute_script("return document.querySelector('[role=status]').textContent")
            check(known == sorted(known, reverse=backwards) and nothing_before and sort == state and state in said,
                  f"the keyboard sorts by {title}, {state}")
        if column + 1 < count:
            press(driver, Keys.TAB)

    slider = tab_to(driver, "input[type=range]")
    check(slider is not None, "Tab reaches the opacity of a map")
    press(driver, Keys.HOME)
    for _ in range(6):
        press(driver, Keys.ARROW_RIGHT)
    opacity = driver.execute_script(
        "return getComputedStyle(document.activeElement.closest('figure').querySelector('.map')).opacity")
    check(abs(float(opacity) - 0.3) < 1e-6, f"its arrow keys set it (6 steps of 5 %: {opacity})")
    press(driver, Keys.END)
    check(tab_to(driver, "summary") is not None, "Tab reaches the details")
    opened = driver.execute_script("return document.activeElement.parentElement.open")
    press(driver, Keys.ENTER)
    check(driver.execute_script("return document.activeElement.parentElement.open") != opened, "Enter opens them")


def check_zoom(driver):
    from selenium.webdriver.common.keys import Keys
    button = tab_to(driver, ".windows button")
    check(button is not None, "Tab reaches the windows of a long recording")

    def state():
        return driver.execute_script("""
            const section = document.activeElement.closest('.recording');
            const wide = (one) => one.querySelector('.strip').offsetWidth / one.querySelector('.layers').offsetWidth;
            const labels = [...section.querySelectorAll('.axis.bottom')[0].querySelectorAll('text')];
            return [Math.min(...[...section.querySelectorAll('.picture')].map(wide)),
                    Number(labels.at(-1).textContent), document.activeElement.ariaPressed,
                    document.querySelector('[role=status]').textContent]""")

    before = state()
    end = float(button.get_attribute("data-end"))
    press(driver, Keys.ENTER)
    width, last, pressed, said = state()
    check(before[0] == 1 and width > 1.5, f"Enter shows a window {width:.1f} times as large")
    check(last <= end < before[1], f"with a time axis of its own, up to {last} s")
    check(pressed == "true" and "window 1" in said, "and tells so")
    press(driver, Keys.ENTER)
    check(state()[:3] == [*before[:2], "false"], "and again the whole recording")
    driver.execute_script("""
        const marks = document.activeElement.closest('.result').querySelector('.marks');
        const box = marks.getBoundingClientRect();
        marks.dispatchEvent(new MouseEvent('dblclick', {clientX: box.right - 1, clientY: box.top + 1, bubbles: true}))""")
    said = driver.execute_script("return document.querySelector('[role=status]').textContent")
    count = driver.execute_script("return document.activeElement.closest('tbody').rows.length")
    check(f"window {count}," in said, f"a double click at the end zooms to the last window ({said})")


def check_links(driver):
    lost = driver.execute_script("""
        return [...document.querySelectorAll('a[href^="#"]')].filter((link) => {
          link.click();
          return !document.querySelector(':target') || document.querySelector(':target').id !== link.hash.slice(1);
        }).map((link) => link.hash)""")
    check(not lost, f"every link leads to its place {lost[:3] or ''}")
    bare = driver.execute_script("return [...document.images].filter((image) => image.alt.length < 20).length")
    check(bare == 0, "every picture has a text")


def check_playhead(driver):
    moved = driver.execute_async_script("""
        const done = arguments[0];
        const section = [...document.querySelectorAll('.recording')].find((s) => s.querySelector('audio'));
        const audio = section.querySelector('audio');
        const line = section.querySelector('.playhead');
        const place = () => parseFloat(line.getAttribute('x1'));
        audio.currentTime = audio.duration / 2;
        audio.addEventListener('seeked', () => requestAnimationFrame(() => {
          const layers = section.querySelector('.layers').dataset;
          const expected = 100 * (audio.currentTime - layers.begin) / (layers.end - layers.begin);
          const near = Math.abs(place() - expected) < 1;
          const before = place();
          const start = performance.now();
          const wait = () => {
            const moved = place() > before;
            if (!moved && performance.now() - start < 5000) return setTimeout(wait, 20);
            audio.pause();
            done([near, moved]);
          };
          audio.play().then(wait);
        }), {once: true});""")
    check(moved[0], "the line over the picture is where the sound is")
    check(moved[1], "and moves with it")


def check_parts(driver):
    kept = driver.execute_async_script("""
        const done = arguments[0];
        const salient = document.querySelector('audio[aria-label^="Salient part"]');
        if (!salient) return done([true, true]);
        const whole = salient.closest('.recording').querySelector('audio');
        whole.addEventListener('seeked', () => whole.play().then(() => {
          const time = whole.currentTime;
          salient.play().then(() => setTimeout(() => {
            salient.pause();
            done([whole.paused, salient.currentTime >= time && salient.currentTime < time + 1]);
          }, 100));
        }), {once: true});
        whole.currentTime = whole.duration / 2;""")
    check(kept[0], "one sound plays at a time")
    check(kept[1], "the salient part goes on where the recording stopped")


def check_points(driver):
    """After check_quiet, because it plays files beside the page."""
    from selenium.webdriver.common.keys import Keys
    points = driver.find_elements("css selector", ".points a")
    for point, choose in zip(points, (lambda one: one.find_element("css selector", "circle").click(),
                                      lambda one: (driver.execute_script("arguments[0].focus()", one),
                                                   press(driver, Keys.ENTER)))):
        choose(point)
        time.sleep(1)
        played = driver.execute_script("""
            const audio = document.querySelector('.points audio');
            return [audio.src === new URL(arguments[0].href.baseVal, document.baseURI).href, audio.readyState > 0,
                    document.querySelector('.points [role=status]').textContent];""", point)
        check(played[0] and played[1] and played[2].startswith("Plays "), f"a point plays its recording {played}")


def check_names(driver):
    """The names for screen readers, as the browser computes them."""
    driver.execute_cdp_cmd("Accessibility.enable", {})
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen = {}
    for node in nodes:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in ("image", "button", "slider", "link", "table", "Audio", "region"):
            continue
        seen.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    check({"image", "button", "slider", "link", "table"} <= set(seen), f"roles are known: {sorted(seen)}")
    nameless = [role for role, names in seen.items() if role != "Audio" and not all(name.strip() for name in names)]
    check(not nameless, f"each has a name {nameless or ''}")


def picture(driver, folder, name, width=1280):
    if folder is None:
        return
    resize(driver, width)
    driver.execute_script("""for (const section of document.querySelectorAll('.recording'))
        section.style.contentVisibility = 'visible';""")  # otherwise hidden sections are not drawn
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def check_looks(driver, shots):
    # Sorted and opened, like a page in use.
    for scheme in ("light", "dark"):
        emulate(driver, scheme)
        count, poor = driver.execute_script(CONTRAST)
        check(count > 20 and not poor, f"{count} texts have a contrast of 4.5 or more, {scheme} {poor[:4] or ''}")
        picture(driver, shots, scheme)
    emulate(driver)
    driver.execute_cdp_cmd("Accessibility.enable", {})
    for width in (360, 500, 768, 1000, 1500):
        resize(driver, width)
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        check(wide <= width, f"the page is {wide} wide on a screen of {width}")
        roles = [node["role"]["value"] for node in driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
                 if "role" in node and not node.get("ignored")]
        check({"table", "columnheader", "rowheader", "cell"} <= set(roles), "and the overview is a table there")
        picture(driver, shots, f"{width}", width)
    resize(driver, 1280)
    if shots is not None:
        paper = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
        (shots / "paper.pdf").write_bytes(base64.b64decode(paper["data"]))


def check_without_script(driver, page):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    driver.get(page.as_uri())
    root = driver.execute_cdp_cmd("DOM.getDocument", {"depth": 1})["root"]["nodeId"]

    def found(selector):
        return driver.execute_cdp_cmd("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]

    check(len(found("#overview-table tbody tr:not(.group)")) == len(found(".result")), "without script the table is there")
    check(not found("html.js") and len(found("button:disabled")) == len(found("button")),
          "and buttons that could do nothing are off")
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def main():
    parser = Parser(__doc__)
    parser.add_argument("--page", type=existing_file, help="a page that is there already")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="keep pictures of the page there")
    options = parser.parse_args()
    provide_browser()
    with tempfile.TemporaryDirectory(prefix="relax-spectro-report-") as folder:
        page = (options.page or make_page(Path(folder))).resolve()
        driver = open_browser()
        try:
            driver.set_script_timeout(30)
            print(f"Chromium {driver.capabilities['browserVersion']}, {page.stat().st_size / 1e6:.1f} MB")
            start = time.monotonic()
            driver.get(page.as_uri())
            print(f"loaded after {time.monotonic() - start:.1f} s")
            check_media(driver)
            check_keyboard(driver)
            check_zoom(driver)
            check_links(driver)
            check_playhead(driver)
            check_parts(driver)
            check_names(driver)
            check_looks(driver, options.screenshots)
            check_quiet(driver, page)
            check_points(driver)
            check_without_script(driver, page)
        finally:
            driver.quit()
    print(f"{len(failures)} failed" if failures else "all passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
