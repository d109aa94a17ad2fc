"""A headless Chromium, used as people do."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "chromium-driver", "python3-numpy", "python3-selenium")
SYSTEM_PYTHON = "/usr/bin/python3"  # which Debian's packages are for
CANNOT = 3


def cannot(why):
    print(f"{why}. Needed are Debian's packages {', '.join(PACKAGES)}", file=sys.stderr)
    sys.exit(CANNOT)


def has_browser():
    known = subprocess.run([SYSTEM_PYTHON, "-c", "import numpy, selenium"], capture_output=True, check=False)
    return known.returncode == 0 and shutil.which("chromium") and shutil.which("chromedriver")


def provide_browser():
    """Installs missing packages, and continues with the Python that they belong to."""
    if not has_browser():
        if os.environ.get("RELAX_SPECTRO_NO_PACKAGES") or not shutil.which("apt-get"):
            cannot("no headless browser, and no packages may be installed")
        root = [] if os.getuid() == 0 else ["sudo", "-n"]
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0"]
        for arguments in (["update"], ["install", "--no-install-recommends", *PACKAGES]):
            if subprocess.run([*apt, *arguments], stdout=sys.stderr, check=False).returncode != 0:
                cannot("apt-get failed")
    if importlib.util.find_spec("selenium") is None:
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])


def open_browser():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--disable-gpu", "--window-size=1280,900", "--mute-audio",
                     "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--hide-scrollbars"):
        options.add_argument(argument)
    if os.getuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's own does not run as root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def focused(driver):
    return driver.switch_to.active_element


def press(driver, key):
    from selenium.webdriver.common.action_chains import ActionChains
    ActionChains(driver).send_keys(key).perform()


def tab_to(driver, selector):
    """Presses Tab until a matching element has the focus. Returns it, or None."""
    from selenium.webdriver.common.keys import Keys
    for _ in range(300):
        press(driver, Keys.TAB)
        if driver.execute_script("return document.activeElement.matches(arguments[0])", selector):
            return focused(driver)
    return None


def requests_of(driver):
    """All requests of the browser since the last call."""
    urls = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            urls.append(message["params"]["request"]["url"])
    return urls


def emulate(driver, scheme="light", media=""):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})


def resize(driver, width, height=900):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})


# The texts of a page, and those with too little contrast.
CONTRAST = """
const parts = (text) => text.match(/[\\d.]+/g).map(Number);
const light = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const paper = (element) => {
  for (; element; element = element.parentElement) {
    const rgb = parts(getComputedStyle(element).backgroundColor);
    if (rgb.length < 4 || rgb[3] > 0) return rgb;
  }
  return [255, 255, 255];
};
const poor = new Set();
let count = 0;
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const style = getComputedStyle(element);
  if (!own || !element.getClientRects().length || style.visibility === 'hidden') continue;
  if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
  const [a, b] = [light(parts(element.tagName === 'text' ? style.fill : style.color)), light(paper(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  ++count;
  if (ratio < 4.5) poor.add(`${element.tagName} ${element.className} ${ratio.toFixed(2)}`);
}
return [count, [...poor]];
"""
