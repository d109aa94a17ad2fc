"""Masks and flipping steps a second against the packages, and the share of forward passes in the loop."""

from . import peers, tool

# Multiplications and additions of one forward pass of the full-size VGGish, each counted as one.
VGGISH_OPERATIONS = 2 * sum((96 * 64 * 9 * 64, 48 * 32 * 9 * 64 * 128, 24 * 16 * 9 * (128 * 256 + 256 * 256),
                             12 * 8 * 9 * (256 * 512 + 512 * 512), 12288 * 4096, 4096 * 4096, 4096 * 128))
WINDOW, STRIDE = 16, 8


def measure(results, mobilenet, vggish, rounds, quick):
    share = 8 if quick else 1
    network(results, "MobileNetV3", mobilenet, rounds, 8192 // share, 600 // min(share, 3), 2048 // share,
            package=(7, 10))
    rates = network(results, "VGGish", vggish, rounds, 1024 // share, 400 // min(share, 2), 256 // share,
                    package=(1.8, 2.5))
    fractions = []
    for rate in rates:
        product = peers.measure("matrix_product", vggish.file, vggish, 40)
        fractions.append(rate * VGGISH_OPERATIONS * product["seconds"] / product["count"])
    results.add("VGGish: share of the measured matrix-product rate", fractions)
    windows(results, mobilenet, rounds)
    flipping(results, mobilenet, rounds, 501 * share)


def network(results, name, case, rounds, tool_masks, package_masks, forward_passes, package):
    rates, shares, over_package, over_forward, batches = [], [], [], [], set()
    package_rates, forward_rates = [], []
    for _ in range(rounds):
        _, how, _ = tool.explain(case.recording, case.model, "--masks", tool_masks)
        relax = peers.measure("relax", case.file, case, package_masks)
        bare = peers.measure("openvino", case.file, case, forward_passes)
        rates.append(tool.masks_per_second(how))
        shares.append(how["engine"]["forward_share"])
        package_rates.append(relax["count"] / relax["seconds"])
        forward_rates.append(bare["count"] / bare["seconds"])
        over_package.append(rates[-1] / package_rates[-1])
        over_forward.append(rates[-1] / forward_rates[-1])
        batches.add(bare["batch"])
    results.add(f"{name}: this tool", rates, "masks/s")
    results.add(f"{name}: relax-xai", package_rates, "masks/s")
    results.add(f"{name}: OpenVINO, bare forward passes", forward_rates, "passes/s",
                note=f"batch {'/'.join(map(str, sorted(batches)))}")
    results.add(f"{name}: masks/s over relax-xai", over_package, "×", at_least=package[0], hope=package[1])
    results.add(f"{name}: masks/s over OpenVINO's bare forward passes", over_forward, "×", at_least=0.85, hope=1)
    results.add(f"{name}: forward share of the loop", shares, at_least=0.95, hope=0.98)
    return rates


def windows(results, case, rounds):
    ratios, own, captum_rates = [], [], []
    for _ in range(rounds):
        _, how, _ = tool.explain(case.recording, case.model, "--family", "window", "--window", f"{WINDOW}x{WINDOW}",
                                 "--stride", f"{STRIDE}x{STRIDE}", "--score", "top")
        captum = peers.measure("captum", case.file, case, [WINDOW, STRIDE])
        own.append(tool.masks_per_second(how))
        captum_rates.append(captum["count"] / captum["seconds"])
        ratios.append(own[-1] / captum_rates[-1])
    results.add("MobileNetV3, windows 16x16 at 8x8: this tool", own, "masks/s")
    results.add("MobileNetV3, windows 16x16 at 8x8: Captum's Occlusion", captum_rates, "masks/s")
    results.add("MobileNetV3: masks/s over Captum's Occlusion", ratios, "×", at_least=6, hope=9)


def flipping(results, case, rounds, bins_a_step):
    ratios, own, quantus_rates = [], [], []
    for _ in range(rounds):
        how = tool.flip(case.recording, case.model, "--protocol", "quantus", "--score", "prob:top", "--step-size",
                        bins_a_step)
        quantus = peers.measure("quantus", case.file, case, bins_a_step)
        own.append(tool.masks_per_second(how))
        quantus_rates.append(quantus["count"] / quantus["seconds"])
        ratios.append(own[-1] / quantus_rates[-1])
    results.add("MobileNetV3, pixel flipping: this tool", own, "steps/s")
    results.add("MobileNetV3, pixel flipping: Quantus", quantus_rates, "steps/s")
    results.add("MobileNetV3: flipping steps/s over Quantus", ratios, "×", at_least=5)
