#include "config/yaml.h"

#include <fmt/ranges.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/read_up_to.h"

namespace hnbemu::config::yaml {
namespace {

// A limit or a rule of ours that the document breaks; it leaves yaml-cpp the way its own errors do.
struct Rejected : std::runtime_error {
  Rejected(int line_, int column_, const std::string& what) : std::runtime_error(what), line(line_), column(column_) {}
  int line;
  int column;
};

// Builds the tree from yaml-cpp's events. YAML::Node is not used: it tells neither keys' places nor duplicates, and
// expands aliases without a bound.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& file) : file_(std::make_shared<const std::string>(file)) {}
  NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(make(mark, Node::Kind::null), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(mark, Node::Kind::scalar);
    if (tag != "?" && tag != "!" && !tag.empty()) reject(*node, "the tag '" + tag + "' means nothing here");
    node->plain = tag != "!";
    node->text = value;
    add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Rejected(mark.line + 1, mark.column + 1, "an alias inside its own anchor");
    attach(found->second);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(mark, Node::Kind::sequence), anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(mark, Node::Kind::map), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor;
    NodePtr key;
    std::set<std::string, std::less<>> keys;
  };

  [[noreturn]] static void reject(const Node& where, const std::string& what) {
    throw Rejected(where.line, where.column, what);
  }
  std::shared_ptr<Node> make(const YAML::Mark& mark, Node::Kind kind) const {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->file = file_;
    node->line = mark.line + 1;
    node->column = mark.column + 1;
    return node;
  }
  void open(std::shared_ptr<Node> node, YAML::anchor_t anchor) {
    if (stack_.size() >= kMaxDepth) reject(*node, fmt::format("nested deeper than {} levels", kMaxDepth));
    stack_.push_back({std::move(node), anchor, nullptr, {}});
  }
  void close() {
    auto node = std::move(stack_.back().node);
    const auto anchor = stack_.back().anchor;
    stack_.pop_back();
    add(std::move(node), anchor);
  }
  void add(NodePtr node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    attach(std::move(node));
  }
  void attach(NodePtr node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    frame.node->size += node->size;
    if (frame.node->size > kMaxNodes) reject(*node, fmt::format("more than {} values, aliases expanded", kMaxNodes));
    if (frame.node->kind == Node::Kind::sequence) {
      frame.node->items.push_back(std::move(node));
    } else if (frame.key == nullptr) {
      if (node->kind != Node::Kind::scalar) reject(*node, "a key must be a plain word");
      if (!frame.keys.insert(node->text).second) reject(*node, "key '" + node->text + "' is here twice");
      frame.key = std::move(node);
    } else {
      frame.node->entries.emplace_back(std::move(frame.key), std::move(node));
      frame.key = nullptr;
    }
  }

  std::shared_ptr<const std::string> file_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
  NodePtr root_;
};

}  // namespace

Result<NodePtr> parse(std::string_view text, const std::string& name) {
  if (text.size() > kMaxFileBytes)
    return fail(Cause::configuration, fmt::format("{}: larger than {} MiB", name, kMaxFileBytes >> 20));
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder(name);
    if (!parser.HandleNextDocument(builder) || builder.root() == nullptr)
      return fail(Cause::configuration, name + ": the file is empty");
    NodePtr root = builder.root();
    if (Builder rest(name); parser.HandleNextDocument(rest) && rest.root() != nullptr)
      return fail(Cause::configuration, fmt::format("{}:{}:{}: a second document; one is expected", name,
                                                    rest.root()->line, rest.root()->column));
    return root;
  } catch (const Rejected& error) {
    return fail(Cause::configuration, fmt::format("{}:{}:{}: {}", name, error.line, error.column, error.what()));
  } catch (const YAML::ParserException& error) {
    return fail(Cause::configuration,
                fmt::format("{}:{}:{}: not YAML: {}", name, error.mark.line + 1, error.mark.column + 1, error.msg));
  }
}

Result<NodePtr> load(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    const int number = errno;
    return fail(Cause::configuration, fmt::format("{}: cannot open: {}", file, std::generic_category().message(number)),
                number);
  }
  const auto text = read_up_to(stream, kMaxFileBytes + 1);
  if (stream.bad()) return fail(Cause::configuration, file + ": cannot read");
  return parse(text, file);
}

std::string Problems::place(const Node& where) {
  return fmt::format("{}:{}:{}", *where.file, where.line, where.column);
}

void Problems::add(const Node& where, std::string_view what) {
  if (list_.size() < kMaxProblems) list_.push_back(fmt::format("{}: {}", place(where), what));
}

Result<> Problems::result() const {
  if (list_.empty()) return {};
  return fail(Cause::configuration, fmt::format("{}", fmt::join(list_, "\n")));
}

}  // namespace hnbemu::config::yaml
