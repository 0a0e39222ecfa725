//===- RoundTripTest.cpp - Any model comes back byte by byte --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "MessageFiller.h"
#include "NonCanonical.h"
#include "gtest/gtest.h"

using namespace mlmodel;
using namespace mlmodel::test;
using CoreML::Specification::Model;
using google::protobuf::FieldDescriptor;

namespace {

ImportOptions unverified(bool keepWire = true) {
  ImportOptions options;
  options.keepWire = keepWire;
  options.verify = false;
  return options;
}

class ModelTypeTest : public testing::TestWithParam<const FieldDescriptor *> {
protected:
  static constexpr unsigned kRounds = 25;

  std::string makeFile(unsigned seed) {
    Model model;
    MessageFiller(seed).fillModel(model, GetParam());
    return serialize(model);
  }

  void check(const std::string &file, unsigned seed, bool expectWire) {
    for (Form form : {Form::Text, Form::Bytecode}) {
      RoundTrip result = roundTrip(file, form, unverified());
      ASSERT_EQ(result.error, "") << "seed " << seed;
      ASSERT_EQ(compareBytes(file, result.bytes), "same") << "seed " << seed;
      ASSERT_TRUE(expectWire || !result.keptWire) << "seed " << seed;
    }
  }
};

TEST_P(ModelTypeTest, CanonicalFilesNeedNoWire) {
  for (unsigned seed = 0; seed < kRounds && !HasFatalFailure(); ++seed)
    check(makeFile(seed), seed, /*expectWire=*/false);
}

TEST_P(ModelTypeTest, NonCanonicalFilesKeepTheirBytes) {
  for (unsigned seed = 0; seed < kRounds && !HasFatalFailure(); ++seed) {
    std::mt19937 random(seed);
    check(makeNonCanonical(makeFile(seed), Model::descriptor(), random), seed,
          /*expectWire=*/true);
  }
}

std::vector<const FieldDescriptor *> modelTypes() {
  const auto *oneof = Model::descriptor()->FindOneofByName("Type");
  std::vector<const FieldDescriptor *> types;
  for (int i = 0; i < oneof->field_count(); ++i)
    types.push_back(oneof->field(i));
  return types;
}

INSTANTIATE_TEST_SUITE_P(
    Types, ModelTypeTest, testing::ValuesIn(modelTypes()),
    [](const testing::TestParamInfo<const FieldDescriptor *> &info) {
      return info.param->name();
    });

/// A network of one layer whose parameters are \p params.
std::string oneLayer(const char *kind, const std::string &params) {
  Model model;
  model.set_specificationversion(4);
  model.mutable_description()->add_input()->set_name("in");
  auto *layer = model.mutable_neuralnetwork()->add_layers();
  layer->set_name("layer");
  layer->add_input("in");
  layer->add_output("out");
  const auto *field = layer->GetDescriptor()->FindFieldByName(kind);
  auto *message = layer->GetReflection()->MutableMessage(layer, field);
  EXPECT_TRUE(message->ParseFromString(params));
  return serialize(model);
}

TEST(RoundTrip, MapsKeepTheFilesOrder) {
  // stringToInt64Map of a category mapping: "b" before "a".
  std::string map("\x0a\x05\x0a\x01"
                  "b\x10\x02\x0a\x05\x0a\x01"
                  "a\x10\x01",
                  14);
  std::string params = "\x0a" + std::string(1, char(map.size())) + map;
  Model model;
  model.set_specificationversion(1);
  std::string file = serialize(model);
  Rope rope;
  rope.append(file);
  rope.appendBytes(
      Model::descriptor()->FindFieldByName("categoricalMapping")->number(),
      toBytes(params));
  file = rope.str();
  for (Form form : {Form::Text, Form::Bytecode}) {
    RoundTrip result = roundTrip(file, form, unverified(/*keepWire=*/false));
    ASSERT_EQ(result.error, "");
    EXPECT_EQ(compareBytes(file, result.bytes), "same") << result.mlir;
  }
}

TEST(RoundTrip, UnknownEnumerationValuesAreKeptOrRefused) {
  // unary.type = 99
  std::string file = oneLayer("unary", std::string("\x08\x63", 2));
  RoundTrip result = roundTrip(file, Form::Text, unverified());
  if (result.error.empty())
    EXPECT_EQ(compareBytes(file, result.bytes), "same") << result.mlir;
  else
    EXPECT_NE(result.error.find("99"), std::string::npos) << result.error;
}

TEST(RoundTrip, ExplicitDefaultsAreKept) {
  // The printer leaves default values out; the original bytes stand in.
  for (bool isLast : {false, true}) {
    llvm::StringRef flag("\x50\x00", 2); // isUpdatable = false
    std::string network = oneLayer("unary", "");
    Rope file;
    if (!isLast)
      file.append(llvm::StringRef("\x08\x04", 2)); // specificationVersion
    file.append(isLast ? llvm::StringRef(network) : flag);
    if (isLast)
      file.append(flag);
    for (Form form : {Form::Text, Form::Bytecode}) {
      RoundTrip result = roundTrip(file.str(), form, unverified());
      ASSERT_EQ(result.error, "");
      EXPECT_TRUE(result.keptWire);
      EXPECT_EQ(compareBytes(file.str(), result.bytes), "same");
    }
  }
}

} // namespace
