#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "golden/mobilenet.hpp"
#include "golden/shared_data.hpp"
#include "model/import_model.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/model/model.hpp"
#include "support/catch.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using test::shared_file;

TEST_CASE("imported weights give the published network's logits, from the recording", "[import]") {
  const test::TemporaryFolder folder;
  ImportRequest request;
  request.architecture = "efficientat-mn";
  request.weights = {shared_file("models/efficientat-mn04/mn04_as_mAP_432.pt")};
  import_model(request, folder / "mn04.pt", Overwrite::no);
  const std::unique_ptr<Model> model = load_model(folder / "mn04.pt");
  const FrontEnd front_end(model->card().front_end);
  for (const char* clip : {"dog", "dog_silence", "rooster", "chainsaw", "rain", "sneeze"}) {
    const Audio audio = read_audio(shared_file(fmt::format("data/reference/{}_32k.wav", clip)));
    const NumericArray expected =
        read_npy(shared_file(fmt::format("data/reference/{}_mn04_logits.npy", clip)));
    const std::vector<float> logits =
        test::outputs_of(*model, front_end(audio).values).class_scores.values;
    REQUIRE(logits.size() == expected.values.size());
    const double error = test::largest_difference({logits.begin(), logits.end()}, expected.values);
    fmt::print("{:<12} largest error of 527 logits {:.2e}\n", clip, error);
    CHECK(error <= 1e-4);
  }
}
