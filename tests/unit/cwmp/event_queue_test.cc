#include "cwmp/event_queue.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hnbemu::cwmp {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> codes(const EventQueue& queue) {
  std::vector<std::string> all;
  for (const auto& event : queue.pending()) all.push_back(event.event_code);
  return all;
}

TEST(EventQueue, WhenASingleEventOccursTwice_ThenItIsQueuedOnce) {
  EventQueue queue;
  for (const auto* code : {"2 PERIODIC", "4 VALUE CHANGE", "2 PERIODIC", "4 VALUE CHANGE"}) queue.push(code);
  EXPECT_THAT(codes(queue), ElementsAre("2 PERIODIC", "4 VALUE CHANGE"));
}

TEST(EventQueue, WhenAMethodEventOccursWithTwoKeys_ThenBothAreQueued) {
  EventQueue queue;
  queue.push(EventStruct{"M Reboot", "a"});
  queue.push(EventStruct{"M Reboot", "b"});
  queue.push(EventStruct{"M Reboot", "a"});
  EXPECT_THAT(queue.pending(), ElementsAre(EventStruct{"M Reboot", "a"}, EventStruct{"M Reboot", "b"}));
}

TEST(EventQueue, WhenBootstrapOccurs_ThenAllOthersAreDiscarded) {
  EventQueue queue;
  queue.push("4 VALUE CHANGE");
  queue.push(EventStruct{"M Reboot", "a"});
  queue.push("0 BOOTSTRAP");
  queue.push("1 BOOT");
  EXPECT_THAT(codes(queue), ElementsAre("0 BOOTSTRAP", "1 BOOT"));
}

TEST(EventQueue, WhenBootstrapOccursDuringASession_ThenItOutlivesTheSessionAlone) {
  EventQueue queue;
  queue.push("0 BOOTSTRAP");
  queue.push("7 TRANSFER COMPLETE");
  queue.begin_delivery();
  queue.push("0 BOOTSTRAP");
  queue.delivered("Inform");
  queue.end_delivery();
  EXPECT_THAT(codes(queue), ElementsAre("0 BOOTSTRAP"));
}

TEST(EventQueue, WhenTheInformIsAnswered_ThenItsEventsAreGone) {
  EventQueue queue;
  queue.push("0 BOOTSTRAP");
  queue.push("1 BOOT");
  EXPECT_THAT(queue.begin_delivery(), SizeIs(2));
  queue.delivered("Inform");
  queue.end_delivery();
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, WhenAnEventNeedsAnotherResponse_ThenTheInformResponseIsNotEnough) {
  EventQueue queue;
  queue.push("7 TRANSFER COMPLETE");
  queue.push(EventStruct{"M Download", "key"});
  queue.begin_delivery();
  queue.delivered("Inform");
  queue.end_delivery();
  EXPECT_THAT(codes(queue), ElementsAre("7 TRANSFER COMPLETE", "M Download"));
  queue.begin_delivery();
  queue.delivered("TransferComplete");
  queue.end_delivery();
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, WhenAnEventOccursAgainWhileItIsUnderWay_ThenItIsDeliveredAgain) {
  EventQueue queue;
  queue.push("4 VALUE CHANGE");
  queue.begin_delivery();
  queue.push("4 VALUE CHANGE");
  queue.delivered("Inform");
  queue.end_delivery();
  EXPECT_THAT(codes(queue), ElementsAre("4 VALUE CHANGE"));
}

TEST(EventQueue, WhenTheSessionFails_ThenItsEventsAreKeptOnceButAConnectionRequestIsNot) {
  EventQueue queue;
  for (const auto* code : {"2 PERIODIC", "6 CONNECTION REQUEST", "4 VALUE CHANGE"}) queue.push(code);
  queue.begin_delivery();
  queue.push("4 VALUE CHANGE");
  queue.end_delivery();
  EXPECT_THAT(codes(queue), ElementsAre("2 PERIODIC", "4 VALUE CHANGE"));
}

TEST(EventQueue, WhenASessionIsAbandoned_ThenTheNextOneStillNamesEachEventOnce) {
  EventQueue queue;
  queue.push("1 BOOT");
  queue.begin_delivery();
  queue.push("1 BOOT");
  EXPECT_THAT(queue.begin_delivery(), ElementsAre(EventStruct{"1 BOOT", ""}));
}

TEST(EventQueue, WhenTheDeviceReboots_ThenWhatTheTableSaysSurvives) {
  EventQueue queue;
  const std::vector<std::string> all = {"0 BOOTSTRAP",
                                        "1 BOOT",
                                        "2 PERIODIC",
                                        "3 SCHEDULED",
                                        "4 VALUE CHANGE",
                                        "6 CONNECTION REQUEST",
                                        "7 TRANSFER COMPLETE",
                                        "8 DIAGNOSTICS COMPLETE",
                                        "10 AUTONOMOUS TRANSFER COMPLETE",
                                        "M Reboot",
                                        "X 00AABB vendor"};
  for (const auto& code : all) queue.push(code);
  queue.reboot();
  EXPECT_THAT(codes(queue), ElementsAre("0 BOOTSTRAP", "2 PERIODIC", "3 SCHEDULED", "7 TRANSFER COMPLETE",
                                        "10 AUTONOMOUS TRANSFER COMPLETE", "M Reboot", "X 00AABB vendor"));
}

TEST(EventQueue, WhenTheQueueIsFull_ThenNewEventsAreRefusedAndBootstrapIsNot) {
  EventQueue queue;
  const std::size_t room = EventQueue::kMaxEvents - EventQueue::kBootEvents;
  for (std::size_t i = 0; i < room; ++i) {
    EXPECT_TRUE(queue.push(EventStruct{"M ScheduleInform", fmt::format("{}", i)}));
  }
  EXPECT_FALSE(queue.push("4 VALUE CHANGE"));
  EXPECT_TRUE(queue.push(EventStruct{"M ScheduleInform", "7"}));  // it is queued already
  EXPECT_THAT(queue.pending(), SizeIs(room));
  EXPECT_TRUE(queue.push("0 BOOTSTRAP"));
  EXPECT_THAT(queue.pending(), SizeIs(1));
}

TEST(EventQueue, WhenTheQueueIsFull_ThenTheRebootsOfASessionAreToldAllTheSame) {
  EventQueue queue;
  for (std::size_t i = 0; i < EventQueue::kMaxEvents; ++i) {
    queue.push(EventStruct{"M ScheduleInform", fmt::format("{}", i)});
  }
  EXPECT_TRUE(queue.push("1 BOOT"));
  for (std::size_t i = 0; i < kMaxReboots; ++i) {
    EXPECT_TRUE(queue.push(EventStruct{"M Reboot", fmt::format("{}", i)}));
  }
  EXPECT_FALSE(queue.push(EventStruct{"M Reboot", "one too many"}));
  EXPECT_THAT(queue.pending(), SizeIs(EventQueue::kMaxEvents));
}

}  // namespace
}  // namespace hnbemu::cwmp
