#pragma once

#include <string>

#include "network_cut.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro::torch_backend {

/// A network that takes the waveform, cut at its spectrogram.
struct WaveformNetwork {
  Program front;
  torch::jit::Module rest;
  ModelCard card;          ///< with the axes of the spectrogram and the tensor's name
  InputLayout rest_input;  ///< what the rest takes

  /// The spectrogram of one window: [frequency, time]. @throws ModelError, AudioError
  [[nodiscard]] Array2d<float> spectrogram_of(std::span<const float> samples,
                                              c10::Device device) const;
};

/// Finds the spectrogram in a frozen network: the last tensor before the first layer through which
/// all the sound passes, whose axes can be measured, and which has one value for silence. Tensors
/// whose frames depend only on the sound near them come before others. Cut there, the network must
/// give the same outputs.
/// @param name    names the network in errors.
/// @param method  the method that gives all outputs.
/// @throws ModelError  there is none; the message has the tensors and why they were refused.
[[nodiscard]] WaveformNetwork cut_waveform_network(const torch::jit::Module& frozen,
                                                   const ModelCard& card, const std::string& name,
                                                   const std::string& method, c10::Device device);

}  // namespace relax_spectro::torch_backend
