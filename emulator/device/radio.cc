#include "device/radio.h"

#include "procedures/causes.h"

namespace hnbemu::device {
namespace {

constexpr std::string_view kServices = "Services.FAPService.";
constexpr const char* kNotReady = "Rem is not ready";  // as devices of the field say it
constexpr procedures::Step kSelfConfiguration{"1", "TR-196 SelfConfig", "the cell's channel and code"};

// "Device.Services.FAPService.1." of a path in it.
std::string service_of(std::string_view path) {
  const auto at = path.find(kServices);
  if (at == std::string_view::npos) return {};
  return std::string(path.substr(0, path.find('.', at + kServices.size()) + 1));
}

radio::RadioTechnology own_technology(const config::Profile& profile) {
  return profile.technology == config::Technology::hnb ? radio::RadioTechnology::umts : radio::RadioTechnology::lte;
}

}  // namespace

Radio::Radio(boost::asio::any_io_executor executor, procedures::Context& context, const radio::Environment& environment)
    : context_(context),
      clock_(context.ports.clock),
      service_(service_of(context.profile.path("admin_state"))),
      technology_(own_technology(context.profile)),
      rem_(context.model, service_, environment, context.profile.rem_time),
      self_configuration_(context.model, service_, technology_, environment.seed),
      wake_(std::move(executor)) {
  if (!context.profile.quirks.rem_not_ready) return;
  context.model.refuse_when(std::string(context.profile.path("admin_state")),
                            [this](std::string_view value) -> std::optional<std::string> {
                              if (value != "true" || !rem_.measuring()) return std::nullopt;
                              return kNotReady;
                            });
}

Task<void> Radio::run() {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  while (!stopping()) {
    const auto ended = rem_.ended();
    const auto next = clock_.machine_time(rem_.advance(now()));
    if (rem_.ended() != ended) settle();
    co_await wake_.pop(clock_, next);
  }
}

void Radio::power_up() {
  powered_ = true;
  chosen_.reset();
  rem_.power_up(now());
  follow();
}

void Radio::power_down() {
  powered_ = false;
  leave();
  rem_.power_down();
}

void Radio::serve(const procedures::Service&) {
  serving_ = true;
  follow();
}

void Radio::leave() {
  serving_ = false;
  off_air_.clear();
  transmit(false);
}

void Radio::follow() {
  settle();
  wake_.push({});
}

bool Radio::wanted() const {
  return serving_ && context_.value_of("admin_state") == "true";
}

void Radio::settle() {
  if (!powered_) return;
  const bool measured = rem_.initial_done();
  if (rem_.present() && measured) report_scan();
  if (rem_.present() && measured) configure();
  const bool configured = !rem_.present() || (chosen_ && *chosen_);
  off_air_.clear();
  if (wanted() && !measured) off_air_ = "the radio environment is being measured";
  if (wanted() && measured && !configured) off_air_ = chosen_->error().detail;
  transmit(wanted() && measured && configured);
  if (changed_) changed_();
}

// Once after the scans of power-up; again when its inputs are others, and after a failure when there is a new scan.
void Radio::configure() {
  const bool due = !chosen_ || self_configuration_.changed() || (!*chosen_ && scans_ended_ != rem_.ended());
  if (!due) return;
  scans_ended_ = rem_.ended();
  chosen_ = self_configuration_.choose(rem_.measured(technology_));
  report(*chosen_);
}

void Radio::report(const Result<>& chosen) {
  if (chosen) {
    procedures::clear_cause(context_, "cell_unavailable");
  } else if (procedures::raise_cause(context_, "cell_unavailable", chosen.error().detail)) {
    context_.steps.record(kSelfConfiguration, Millis{0}, chosen.error());
  }
}

void Radio::report_scan() {
  if (rem_.measured(technology_)) {
    procedures::clear_cause(context_, "scan_failed");
  } else {
    procedures::raise_cause(context_, "scan_failed", "the scan took longer than ScanTimeout");
  }
}

// ITU-T X.731: enabled, then on the air; both end together.
void Radio::transmit(bool on) {
  on_air_ = on;
  const std::string_view value = on ? "1" : "0";
  context_.set_value_of(on ? "op_state" : "rf_tx_status", value);
  context_.set_value_of(on ? "rf_tx_status" : "op_state", value);
}

}  // namespace hnbemu::device
