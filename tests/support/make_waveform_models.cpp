// Writes TorchScript models that take the waveform, with their cards, into a folder: the included
// models behind front ends of their own, and small networks that are easy or hard to cut. The notes
// of a card hold what the whole network gives for waveform() of tests/torch/waveform_model_test.cpp.

#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "relax_spectro/model/model_card.hpp"
#include "support/waveform_signal.hpp"

namespace {

using namespace relax_spectro;
using torch::jit::Module;
namespace fs = std::filesystem;

constexpr const char* kMobileNet = R"(
def forward(self, x):
    x = x[:, 1:] - 0.97 * x[:, :-1]
    s = torch.stft(x, 1024, 320, 1024, self.window, True, "reflect", False, True, True)
    mel = torch.matmul(self.mel, torch.view_as_real(s).pow(2).sum(-1))
    return self.network.forward(((torch.log(mel + 1e-05) + 4.5) / 5.0).unsqueeze(1))
)";

constexpr const char* kVggish = R"(
def forward(self, x):
    frames = x.unfold(1, 400, 160) * self.window
    mel = torch.matmul(torch.abs(torch.fft_rfft(frames, 512)), self.mel.t())
    return self.network.forward(torch.log(mel + 0.01).unsqueeze(1))
)";

// Of the small networks: 8 kHz, windows of one second, 16 bands, 126 frames.
constexpr const char* kParts = R"(
def power(self, x):
    s = torch.stft(x, 256, 64, 256, self.window, True, "reflect", False, True, True)
    return torch.view_as_real(s).pow(2).sum(-1)

def log_mel(self, x):
    return torch.log(torch.matmul(self.mel, self.power(x)) + 0.01)

def head(self, y):
    z = torch.relu(torch.conv2d(y, self.kernel))
    return (z * (1.0 + torch.arange(z.size(3)) / 100.0)).flatten(2).mean(2)
)";

struct SmallNetwork {
  const char* name;
  const char* code;
};

/// Networks that can be cut.
constexpr SmallNetwork kRight[] = {
    {"plain", "def forward(self, x):\n    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"sizes-of-waveform",
     "def forward(self, x):\n    y = self.log_mel(x)\n"
     "    return self.head(y.reshape([x.size(0), 1, 16, 1 + x.size(1) // 64]))\n"},
    {"sizes-of-spectrum",
     "def forward(self, x):\n    p = self.power(x)\n"
     "    y = torch.log(torch.matmul(self.mel, p) + 0.01)\n"
     "    return self.head(y.view([p.size(0) * 1, 1, -1, p.size(2)]))\n"},
    {"length-in-the-middle",
     "def forward(self, x):\n    x = torch.constant_pad_nd(x, [0, 9600 - x.size(1)])\n"
     "    y = self.log_mel(x)[:, :, :int(9600 / 64) - 20]\n"
     "    return self.head(y.reshape([-1, 1, 16, 130]))\n"},
    {"scaled-if-loud",
     "def forward(self, x):\n    if bool(x.abs().max() > 1.0):\n        x = x / 32768.0\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"two-mels-of-one-spectrum",
     "def forward(self, x):\n    p = self.power(x)\n"
     "    a = torch.log(torch.matmul(self.mel, p) + 0.01)\n"
     "    b = torch.log(torch.matmul(self.mel.flip([1]), p) + 0.1)\n"
     "    return torch.cat([self.head(a.unsqueeze(1)), self.head(b.unsqueeze(1))], 1)\n"},
    {"loop-behind",
     "def forward(self, x):\n    y = self.log_mel(x)\n    z = torch.zeros_like(y)\n"
     "    for i in range(y.size(2)):\n        z[:, :, i] = y[:, :, y.size(2) - 1 - i] * float(i)\n"
     "    return self.head(z.unsqueeze(1))\n"},
    {"loop-before",
     "def forward(self, x):\n    for i in range(3):\n        x = x - x * 0.1\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"in-place-behind",
     "def forward(self, x):\n    y = self.log_mel(x)\n    y.sub_(y.mean([1, 2], True))\n"
     "    y.mul_(2.0)\n    return self.head(y.unsqueeze(1))\n"},
    {"in-place-before",
     "def forward(self, x):\n    x = x.clone()\n    x[:, 100:200].mul_(0.5)\n    x.add_(0.01)\n"
     "    x.sub_(0.01)\n    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"flipped-time",
     "def forward(self, x):\n    return self.head(self.log_mel(x).flip([2]).unsqueeze(1))\n"},
    {"flipped-bands",
     "def forward(self, x):\n    return self.head(self.log_mel(x).flip([1]).unsqueeze(1))\n"},
    {"normalised-window",
     "def forward(self, x):\n    y = self.log_mel(x)\n"
     "    y = (y - y.mean([1, 2], True)) / (y.std([1, 2], True, True) + 1e-05)\n"
     "    return self.head(y.unsqueeze(1))\n"},
    {"band-offsets",
     "def forward(self, x):\n    return self.head((self.log_mel(x) + self.offsets).unsqueeze(1))\n"},
    {"log-of-zero",
     "def forward(self, x):\n    y = torch.log(torch.matmul(self.mel, self.power(x)))\n"
     "    return self.head(torch.clamp(y, -9.0, 9.0).unsqueeze(1) * 1.0)\n"},
    {"peak-normalised",
     "def forward(self, x):\n    x = x / (x.abs().amax([1], True) + 1e-06)\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"three-channels",
     "def forward(self, x):\n    y = self.log_mel(x).unsqueeze(1).repeat([1, 3, 1, 1])\n"
     "    return self.head(y[:, 0:1]) + self.head(y[:, 1:2])\n"},
    {"with-deltas",
     "def forward(self, x):\n    y = self.log_mel(x)\n    d = y[:, :, 1:] - y[:, :, :-1]\n"
     "    return torch.cat([self.head(y.unsqueeze(1)), self.head(d.unsqueeze(1))], 1)\n"},
    {"time-first",
     "def forward(self, x):\n    return self.head(self.log_mel(x).transpose(1, 2).unsqueeze(1))\n"},
    {"gate-of-spectrum",
     "def forward(self, x):\n    p = self.power(x)\n    loud = bool(p.max() > 1e9)\n"
     "    z = self.head(torch.log(torch.matmul(self.mel, p) + 0.01).unsqueeze(1))\n"
     "    return z if loud else z * 2.0\n"},
    {"asserts-shape",
     "def forward(self, x):\n    assert x.dim() == 2\n    y = self.log_mel(x)\n"
     "    assert y.size(1) == 16\n    return self.head(y.unsqueeze(1))\n"},
    {"batch-of-one",
     "def forward(self, x):\n    return self.head(self.log_mel(x).view([1, 1, 16, 126]))\n"},
    {"dropped-silence-behind",
     "def forward(self, x):\n    y = self.log_mel(x)\n    kept = (y.mean([0, 1]) > -99.0).nonzero().squeeze(1)\n"
     "    return self.head(y.index_select(2, kept).unsqueeze(1))\n"},
};

/// Networks that cannot be cut.
constexpr SmallNetwork kWrong[] = {
    {"bypass",
     "def forward(self, x):\n    z = self.head(self.log_mel(x).unsqueeze(1))\n"
     "    return torch.cat([z, x.abs().mean(1, True)], 1)\n"},
    {"gate-of-sound",
     "def forward(self, x):\n    loud = float(x.abs().max())\n    z = self.head(self.log_mel(x).unsqueeze(1))\n"
     "    if loud > 0.9:\n        z = z * 2.0\n    return z\n"},
    {"two-spectrograms",
     "def forward(self, x):\n    a = self.log_mel(x)\n    b = self.log_mel(x * x)\n"
     "    return torch.cat([self.head(a.unsqueeze(1)), self.head(b.unsqueeze(1))], 1)\n"},
    {"two-inputs",
     "def forward(self, x, gain):\n    return self.head(self.log_mel(x * gain).unsqueeze(1))\n"},
    {"dithered",
     "def forward(self, x):\n    x = x + 0.1 * torch.rand_like(x)\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"dropped-silence-before",
     "def forward(self, x):\n    x = x.index_select(1, (x.abs().sum(0) > 0.0).nonzero().squeeze(1))\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"keeps-state",
     "def forward(self, x):\n    self.kernel.mul_(1.01)\n"
     "    return self.head(self.log_mel(x).unsqueeze(1))\n"},
    {"unordered-filters",
     "def forward(self, x):\n    y = torch.conv1d(x.unsqueeze(1), self.unordered, None, [1], [64]).pow(2)\n"
     "    y = torch.avg_pool1d(y, [256], [64], [128])\n"
     "    return self.head(torch.log(y + 0.0001).unsqueeze(1))\n"},
    {"no-spectrogram",
     "def forward(self, x):\n    y = torch.conv2d(x.view([-1, 1, 80, 100]), self.kernel)\n"
     "    return y.flatten(2).mean(2)\n"},
    {"other-length",
     "def forward(self, x):\n    return self.head(self.log_mel(x.view([-1, 7999])).unsqueeze(1))\n"},
};

at::Tensor tensor_of(const Array2d<double>& matrix) {
  std::vector<double> values = matrix.values;
  return at::from_blob(
             values.data(),
             {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.columns)},
             at::kDouble)
      .to(at::kFloat);
}

/// The window's values as the card has them, over all of `length`.
at::Tensor window_of(const FrontEndConfig& config, std::size_t length) {
  std::vector<double> values(length, 0.0);
  const std::size_t begin = (length - config.window_samples) / 2;
  const auto period =
      static_cast<double>(config.window == WindowShape::hann_periodic ? config.window_samples
                                                                      : config.window_samples - 1);
  for (std::size_t i = 0; i < config.window_samples; ++i) {
    values[begin + i] =
        0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / period);
  }
  return at::from_blob(values.data(), {static_cast<std::int64_t>(length)}, at::kDouble)
      .to(at::kFloat);
}

void write_card(const fs::path& folder, const std::string& name, const ModelCard& card) {
  std::ofstream file(folder / (name + ".json"), std::ios::binary);
  file << to_json(card);
  file.close();
  if (!file) throw std::runtime_error(name + ".json: cannot be written");
}

ModelCard waveform_card(ModelCard card, const std::string& name, std::size_t window_samples,
                        std::size_t hop_samples) {
  FrontEndConfig front_end;
  front_end.sample_rate_hz = card.front_end.sample_rate_hz;
  card.name = name;
  card.sha256.reset();
  card.front_end = front_end;
  card.input = {};
  card.input.axes = {InputAxis::batch, InputAxis::samples};
  card.input.window_samples = window_samples;
  card.input.hop_samples = hop_samples;
  return card;
}

/// An included model behind a front end that does what its card says.
void add_whole(const fs::path& folder, const fs::path& models, const std::string& name,
               const char* code, std::size_t window_samples, std::size_t hop_samples) {
  const ModelCard card = read_model_card(models / (name + ".pt"));
  const bool is_centred = card.front_end.window_position == WindowPosition::centre;
  Module whole("Whole");
  whole.register_buffer(
      "window", window_of(card.front_end,
                          is_centred ? card.front_end.fft_samples : card.front_end.window_samples));
  whole.register_buffer("mel", tensor_of(mel_matrix(card.front_end)));
  whole.register_module("network", torch::jit::load((models / (name + ".pt")).string()));
  whole.define(code);
  whole.eval();
  const std::string whole_name = "waveform-" + name;
  whole.save((folder / (whole_name + ".pt")).string());
  write_card(folder, whole_name, waveform_card(card, whole_name, window_samples, hop_samples));
}

FrontEndConfig small_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 8000;
  config.window_samples = config.fft_samples = 256;
  config.hop_samples = 64;
  config.bands = 16;
  config.low_hz = 100.0;
  config.high_hz = 3900.0;
  config.log_offset = 0.01;
  return config;
}

/// Gabor filters at the centres of the bands, 16 of 129 samples.
at::Tensor filters(const FrontEndConfig& config) {
  constexpr std::size_t kLength = 129;
  const std::vector<double> centres = band_centres_hz(config);
  Array2d<double> values(centres.size(), kLength);
  for (std::size_t band = 0; band < centres.size(); ++band) {
    for (std::size_t i = 0; i < kLength; ++i) {
      const double t = (static_cast<double>(i) - 64.0) / config.sample_rate_hz;
      values(band, i) = std::exp(-0.5 * std::pow(t * 400.0, 2)) *
                        std::cos(2.0 * std::numbers::pi * centres[band] * t) / 32.0;
    }
  }
  return tensor_of(values).unsqueeze(1);
}

Module small_module(const char* code) {
  const FrontEndConfig config = small_front_end();
  Module module("Net");
  module.register_buffer("window", window_of(config, config.fft_samples));
  module.register_buffer("mel", tensor_of(mel_matrix(config)));
  module.register_buffer("filters", filters(config));
  module.register_buffer("unordered",
                         filters(config).index_select(0, at::arange(16).mul(7).remainder(16)));
  module.register_buffer("offsets", at::arange(16).view({16, 1}).div(10));
  module.register_parameter("kernel", at::arange(36).sin().view({4, 1, 3, 3}), false);
  module.define(kParts);
  module.define(code);
  module.eval();
  return module;
}

void add_small(const fs::path& folder, const SmallNetwork& network, bool is_right,
               bool has_channel = false) {
  const Module module = small_module(network.code);
  const std::string name = std::string("waveform-") + network.name;
  module.save((folder / (name + ".pt")).string());
  ModelCard card;
  card.front_end.sample_rate_hz = 8000;
  card.embedding = OutputPlace{};
  card = waveform_card(card, name, 8000, 8000);
  if (has_channel) card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::samples};
  if (is_right) {
    const c10::InferenceMode inference;
    std::vector<float> samples = test::waveform(8000);
    at::Tensor input = at::from_blob(samples.data(), {1, 8000}, at::kFloat);
    if (has_channel) input = input.unsqueeze(1);
    Module copy = module;
    const at::Tensor returned = copy.forward({input.clone()}).toTensor().flatten().contiguous();
    std::string notes;
    for (std::int64_t i = 0; i < returned.numel(); ++i) {
      notes += (notes.empty() ? "" : ", ") + std::to_string(returned[i].item<double>());
    }
    card.notes_json = "{\"expected\": [" + notes + "]}";
  }
  write_card(folder, name, card);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("Example: relax-spectro-make-waveform-models MODELS FOLDER\n", stderr);
    return 2;
  }
  try {
    const fs::path models = argv[1];
    const fs::path folder = argv[2];
    fs::create_directories(folder);
    add_whole(folder, models, "mobilenetv3-small", kMobileNet, 163840, 163840);
    add_whole(folder, models, "vggish-small", kVggish, 15600, 15360);
    for (const SmallNetwork& network : kRight) add_small(folder, network, true);
    for (const SmallNetwork& network : kWrong) add_small(folder, network, false);
    add_small(
        folder,
        {"filter-bank",
         "def forward(self, x):\n    y = torch.conv1d(x, self.filters, None, [1], [64]).pow(2)\n"
         "    y = torch.avg_pool1d(y, [256], [64], [128])\n"
         "    return self.head(torch.log(y + 0.0001).view([x.size(0), 1, 16, -1]))\n"},
        true, true);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "relax-spectro-make-waveform-models: %s\n", error.what());
    return 3;
  }
  return 0;
}
