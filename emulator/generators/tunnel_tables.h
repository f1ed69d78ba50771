#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datamodel/data_model.h"
#include "generators/facts.h"

namespace hnbemu::generators {

// Rows of one table that come and go with things that have a name. Those that the table has at the beginning stay: a
// thing takes a free one of them before a row is added for it, and without a thing they are idle.
class NamedRows {
 public:
  using Values = std::vector<std::pair<std::string_view, std::string>>;  // name below the row -> value
  struct Thing {
    std::string name;
    Values values;  // those that the model has no place for are left out
  };

  enum class AtFirst { stay, go };  // the rows that are there at the beginning

  // `path` is "…Table.". An unknown table has no rows.
  NamedRows(datamodel::DataModel& model, std::string path, AtFirst at_first, Values idle = {});
  // Each thing has its row, and every other row that does not stay is gone.
  void show(const std::vector<Thing>& things);
  // "…Table.3." of the thing; "" if it has none.
  std::string row(std::string_view name) const;

 private:
  void write(std::uint32_t row, const Values& values);
  std::uint32_t take_row();  // 0: there is none

  datamodel::DataModel& model_;
  std::string path_;
  Values idle_;
  std::vector<std::uint32_t> standing_;
  std::map<std::string, std::uint32_t, std::less<>> rows_;
};

// Keeps a device's SAs in its data model, wherever that has places for them: TR-181 IPsec. (IKEv2SA, ChildSA, Tunnel,
// Stats), TR-262 FAP.Tunnel. and TR-196 FAPService.{i}.Transport.Tunnel. (IKESA, ChildSA). What they carried is counted
// through rekeying.
class TunnelTables {
 public:
  static constexpr std::size_t kMaxSas = 16;  // shown at once

  // `model` as it leaves the factory: the rows it has then stay.
  explicit TunnelTables(datamodel::DataModel& model);
  // At power-up: no SA, nothing carried; also the rows that were there without power are gone.
  void reset();
  void show(std::vector<IkeSa> sas);
  const std::vector<IkeSa>& sas() const { return sas_; }  // as last shown, the newest last
  Traffic total() const;                                  // of all SAs since power-up

 private:
  struct Account {
    Traffic carried;  // by child SAs that are gone
    std::map<std::uint32_t, Traffic> children;
    Traffic total() const;
  };
  struct Ipsec {  // "Device.IPsec."
    std::string path;
    NamedRows tunnels;
    NamedRows ike_sas;
    std::map<std::string, NamedRows> child_sas{};  // "…IKEv2SA.1." -> its own
  };
  struct FapTunnel {  // "Device.FAP.Tunnel.", "InternetGatewayDevice.Services.FAPService.1.Transport.Tunnel."
    bool numbers;     // ParentID is a row's number, not its path
    NamedRows ike_sas;
    NamedRows child_sas;
  };

  void count();
  void write();
  void write(Ipsec& tables);
  void write_children(Ipsec& tables);
  void write_stats(const std::string& object, const Traffic& traffic);
  void write(FapTunnel& tables) const;

  datamodel::DataModel& model_;
  std::vector<IkeSa> sas_;
  std::map<std::string, Account> accounts_;  // by the name of the IKE SA
  Traffic gone_;                             // what SAs carried that are no more
  std::vector<Ipsec> ipsec_;
  std::vector<FapTunnel> fap_tunnels_;
};

}  // namespace hnbemu::generators
