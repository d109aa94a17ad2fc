#include "page_frame.hpp"

#include <fmt/format.h>

#include "html.hpp"
#include "relax_spectro/base/version.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {

using namespace fmt::literals;

std::string page_start(const std::string& title, std::string_view script, bool links_recordings) {
  const std::string policy = fmt::format(
      "default-src 'none'; {}style-src {}; img-src data:; media-src data:{}; base-uri 'none'; "
      "form-action 'none'",
      script.empty() ? "" : fmt::format("script-src {}; ", policy_hash(script)),
      policy_hash(kStyleCss), links_recordings ? " 'self' file:" : "");
  return fmt::format(kPageStartHtml, "policy"_a = policy, "version"_a = version(),
                     "title"_a = escape_html(title), "style"_a = kStyleCss);
}

std::string page_footer(const std::string& command_line, bool links_recordings) {
  return fmt::format(
      kPageFooterHtml, "version"_a = version(),
      "except"_a = links_recordings ? ", except the recordings that it links to" : "",
      "command_line"_a = escape_html(command_line));
}

}  // namespace relax_spectro::render
