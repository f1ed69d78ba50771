#include "generators/tunnel_tables.h"

namespace hnbemu::generators {
namespace {

constexpr auto kCounters = std::to_array<std::pair<std::string_view, std::uint64_t Traffic::*>>(
    {{"BytesSent", &Traffic::bytes_sent},
     {"BytesReceived", &Traffic::bytes_received},
     {"PacketsSent", &Traffic::packets_sent},
     {"PacketsReceived", &Traffic::packets_received}});

std::string_view to_string(Nat nat) {
  return nat == Nat::none ? "None" : nat == Nat::local ? "Local" : "Remote";
}

// How a parameter names a row: without the dot at its end.
std::string reference(std::string row) {
  if (!row.empty()) row.pop_back();
  return row;
}

NamedRows::Values ike_values(const IkeSa& sa) {
  return {{"LocalAddress", sa.inner.to_string()},
          {"RemoteAddress", sa.gateway.to_string()},
          {"EncryptionAlgorithm", sa.encryption},
          {"EncryptionKeyLength", fmt::to_string(sa.key_length)},
          {"IntegrityAlgorithm", sa.integrity},
          {"PseudoRandomFunction", sa.pseudo_random_function},
          {"DiffieHellmanGroupTransform", sa.diffie_hellman_group},
          {"CreationTime", to_date_time(sa.created)},
          {"NATDetected", std::string(to_string(sa.nat))}};
}

}  // namespace

TunnelTables::TunnelTables(datamodel::DataModel& model) : model_(model) {
  using enum NamedRows::AtFirst;
  const auto add = [&](const std::string& path, bool numbers) {
    if (!model.table_state(path + "IKESA.")) return;
    fap_tunnels_.push_back({numbers, NamedRows(model, path + "IKESA.", stay, {{"Status", "Disabled"}}),
                            NamedRows(model, path + "ChildSA.", stay)});
  };
  for (const std::string root : {"Device.", "InternetGatewayDevice."}) {
    const auto path = root + "IPsec.";
    if (model.table_state(path + "IKEv2SA.")) {
      ipsec_.push_back({path, NamedRows(model, path + "Tunnel.", stay),
                        NamedRows(model, path + "IKEv2SA.", stay, {{"Status", "Down"}})});
    }
    add(root + "FAP.Tunnel.", false);
    const auto services = model.table_state(root + "Services.FAPService.");
    for (const auto row : services ? services->rows : std::vector<std::uint32_t>{}) {
      add(fmt::format("{}Services.FAPService.{}.Transport.Tunnel.", root, row), true);
    }
  }
}

Traffic TunnelTables::Account::total() const {
  Traffic total = carried;
  for (const auto& [spi, traffic] : children) total += traffic;
  return total;
}

Traffic TunnelTables::total() const {
  Traffic total = gone_;
  for (const auto& [name, account] : accounts_) total += account.total();
  return total;
}

void TunnelTables::reset() {
  sas_.clear();
  accounts_.clear();
  gone_ = {};
  write();
}

void TunnelTables::show(std::vector<IkeSa> sas) {
  sas_ = std::move(sas);
  if (sas_.size() > kMaxSas) sas_.resize(kMaxSas);
  count();
  write();
}

// What is gone, as a child SA is by rekeying, has carried what was last heard of it.
void TunnelTables::count() {
  std::map<std::string, Account> now;
  for (const auto& sa : sas_) {
    auto& account = now[sa.name];
    for (const auto& child : sa.children) account.children[child.inbound_spi] = child.traffic;
  }
  for (const auto& [name, before] : accounts_) {
    if (!now.contains(name)) {
      gone_ += before.total();
      continue;
    }
    auto& account = now[name];
    account.carried = before.carried;
    for (const auto& [spi, traffic] : before.children) {
      if (!account.children.contains(spi)) account.carried += traffic;
    }
  }
  accounts_ = std::move(now);
}

void TunnelTables::write() {
  for (auto& tables : ipsec_) write(tables);
  for (auto& tables : fap_tunnels_) write(tables);
}

void TunnelTables::write_stats(const std::string& object, const Traffic& traffic) {
  for (const auto& [name, counter] : kCounters) {
    model_.update(fmt::format("{}Stats.{}", object, name), fmt::to_string(traffic.*counter));
  }
}

void TunnelTables::write(Ipsec& tables) {
  std::vector<NamedRows::Thing> tunnels;
  for (const auto& sa : sas_) tunnels.push_back({sa.name, {}});
  tables.tunnels.show(tunnels);
  std::vector<NamedRows::Thing> ike_sas;
  for (const auto& sa : sas_) {
    auto values = ike_values(sa);
    values.emplace_back("Tunnel", reference(tables.tunnels.row(sa.name)));
    values.emplace_back("Status", "Up");
    ike_sas.push_back({sa.name, std::move(values)});
  }
  tables.ike_sas.show(ike_sas);
  for (const auto& sa : sas_) {
    if (const auto row = tables.ike_sas.row(sa.name); !row.empty()) write_stats(row, accounts_[sa.name].total());
  }
  write_children(tables);
  write_stats(tables.path, total());
}

void TunnelTables::write_children(Ipsec& tables) {
  const auto state = model_.table_state(tables.path + "IKEv2SA.");
  std::map<std::string, NamedRows> now;
  for (const auto number : state->rows) {
    const auto row = fmt::format("{}IKEv2SA.{}.", tables.path, number);
    auto known = tables.child_sas.extract(row);
    auto& rows = known ? now.insert(std::move(known)).position->second
                       : now.emplace(row, NamedRows(model_, row + "ChildSA.", NamedRows::AtFirst::go)).first->second;
    const auto sa =
        std::find_if(sas_.begin(), sas_.end(), [&](const IkeSa& one) { return tables.ike_sas.row(one.name) == row; });
    std::vector<NamedRows::Thing> children;
    for (const auto& child : sa == sas_.end() ? std::vector<ChildSa>{} : sa->children) {
      children.push_back({fmt::to_string(child.inbound_spi),
                          {{"InboundSPI", fmt::to_string(child.inbound_spi)},
                           {"OutboundSPI", fmt::to_string(child.outbound_spi)},
                           {"CreationTime", to_date_time(child.created)},
                           {"Status", "Up"}}});
    }
    rows.show(children);
    for (const auto& child : sa == sas_.end() ? std::vector<ChildSa>{} : sa->children) {
      const auto child_row = rows.row(fmt::to_string(child.inbound_spi));
      if (!child_row.empty()) write_stats(child_row, child.traffic);
    }
  }
  tables.child_sas = std::move(now);
}

void TunnelTables::write(FapTunnel& tables) const {
  std::vector<NamedRows::Thing> ike_sas;
  for (const auto& sa : sas_) {
    ike_sas.push_back({sa.name,
                       {{"PeerAddress", sa.gateway.to_string()},
                        {"CreationTime", to_date_time(sa.created)},
                        {"IPAddress", sa.inner.to_string()},
                        {"SubnetMask", "255.255.255.255"},  // RFC 7296 3.15.1: one address
                        {"DNSServers", dns_server_list(sa)},
                        {"Status", "Completed"}}});
  }
  tables.ike_sas.show(ike_sas);
  std::vector<NamedRows::Thing> child_sas;
  for (const auto& sa : sas_) {
    const auto parent = reference(tables.ike_sas.row(sa.name));
    for (const auto& child : sa.children) {
      for (const bool outbound : {false, true}) {
        const auto spi = outbound ? child.outbound_spi : child.inbound_spi;
        const auto bytes = outbound ? child.traffic.bytes_sent : child.traffic.bytes_received;
        child_sas.push_back({fmt::format("{} {} {}", sa.name, outbound, spi),
                             {{"ParentID", tables.numbers ? parent.substr(parent.rfind('.') + 1) : parent},
                              {"SPI", fmt::to_string(spi)},
                              {"DirectionOutbound", outbound ? "true" : "false"},
                              {"CreationTime", to_date_time(child.created)},
                              {"Traffic", fmt::to_string(static_cast<std::uint32_t>(bytes))}}});
      }
    }
  }
  tables.child_sas.show(child_sas);
}

}  // namespace hnbemu::generators
