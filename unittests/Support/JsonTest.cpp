//===- JsonTest.cpp - JSON with a depth limit -----------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Json.h"
#include "TestUtils.h"

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

static std::string nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Json, ReadsAFile) {
  TemporaryDirectory dir;
  Expected<json::Value> value =
      readJsonFile(dir.write("x.json", "{\"a\": [1, 2]}"));
  ASSERT_TRUE(bool(value)) << toString(value.takeError());
  EXPECT_EQ(value->getAsObject()->getArray("a")->size(), 2u);
}

TEST(Json, LimitsTheDepth) {
  Expected<json::Value> value = parseJson(nested(maxJsonDepth), "x.json");
  EXPECT_TRUE(bool(value));
  consumeError(value.takeError());
  expectError(parseJson(nested(maxJsonDepth + 1), "x.json"), ExitCode::Limit,
              "x.json: more than 64 levels");
  expectError(parseJson(std::string(10000000, '{'), "x.json"), ExitCode::Limit,
              "levels");
}

TEST(Json, BracketsInStringsDoNotCount) {
  std::string text = "[\"\\\"" + std::string(200, '[') + "\", 1]";
  Expected<json::Value> value = parseJson(text, "x.json");
  ASSERT_TRUE(bool(value)) << toString(value.takeError());
  EXPECT_EQ(value->getAsArray()->size(), 2u);
}

TEST(Json, BreadthIsNotDepth) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i)
    text += "[{}],";
  Expected<json::Value> value = parseJson(text + "0]", "x.json");
  ASSERT_TRUE(bool(value)) << toString(value.takeError());
}

TEST(Json, NamesTheFileAndPlace) {
  for (const char *text :
       {"", "{", "[1,]", "\"", "\"\\", "]]]]", "{1: 2}", "\"\xFF\"", "1 2"})
    expectError(parseJson(text, "x.json"), ExitCode::IO,
                "x.json: not valid JSON");
  expectError(parseJson("[\n1 2]", "x.json"), ExitCode::IO, "[2:");
  expectError(readJsonFile("no-such.json"), ExitCode::IO, "no-such.json");
}
