//===- DriftTest.cpp - Every layer of the schema, there and back ----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A layer that the schema has and the dialect has not, or a field without an
// attribute, fails here: the two cannot drift apart.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MessageFiller.h"
#include "NetworkImporter.h"
#include "RoundTrip.h"
#include "gtest/gtest.h"

using namespace mlmodel;
using namespace mlmodel::test;
using CoreML::Specification::Model;
using CoreML::Specification::NeuralNetwork;
using CoreML::Specification::NeuralNetworkLayer;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

const google::protobuf::OneofDescriptor *layerKinds() {
  return NeuralNetworkLayer::descriptor()->FindOneofByName("layer");
}

/// How many variants show every member of every oneof below \p type, and every
/// encoding of weights.
unsigned countVariants(const Descriptor *type, unsigned depth = 0) {
  if (type->name() == "WeightParams")
    return 5;
  unsigned count = 1;
  for (int i = 0; i < type->oneof_decl_count(); ++i)
    count = std::max<unsigned>(count, type->oneof_decl(i)->field_count());
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor *field = type->field(i);
    if (field->enum_type())
      count = std::max<unsigned>(count, field->enum_type()->value_count() - 1);
    if (field->message_type() && depth < 6 &&
        field->message_type() != NeuralNetwork::descriptor())
      count = std::max(count, countVariants(field->message_type(), depth + 1));
  }
  return count;
}

/// A model of one layer, filled to the brim.
std::string makeModel(const FieldDescriptor *kind, unsigned variant,
                      std::pair<int64_t, int64_t> inputs,
                      std::pair<int64_t, int64_t> outputs) {
  auto countOf = [](std::pair<int64_t, int64_t> arity) -> unsigned {
    return arity.second < 0 ? std::max<int64_t>(arity.first, 2) : arity.second;
  };
  Model model;
  model.set_specificationversion(7);
  MessageFiller filler = MessageFiller::everyField(variant);
  for (unsigned i = 0; i < std::max(countOf(inputs), 1u); ++i) {
    filler.blobs.push_back("in" + std::to_string(i));
    model.mutable_description()->add_input()->set_name(filler.blobs.back());
  }
  filler.bodiesOverwrite = variant % 2;
  filler.fillLayer(*model.mutable_neuralnetwork()->add_layers(), kind,
                   countOf(inputs), countOf(outputs));
  return serialize(model);
}

class DriftTest : public testing::TestWithParam<const FieldDescriptor *> {
protected:
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  LayerTable table{&context};
};

TEST_P(DriftTest, HasAnOperation) {
  auto name = table.find(GetParam()->name());
  ASSERT_TRUE(name) << "no operation for the layer " << GetParam()->name();
  const Descriptor *params = GetParam()->message_type();
  for (int i = 0; i < params->field_count(); ++i) {
    const FieldDescriptor *field = params->field(i);
    if (field->message_type() == NeuralNetwork::descriptor())
      continue; // a region
    llvm::StringRef attribute = attributeForField(field->name());
    EXPECT_TRUE(
        llvm::any_of(name->getAttributeNames(),
                     [&](mlir::StringAttr have) { return have == attribute; }))
        << name->getStringRef().str() << " has no attribute for the field "
        << field->full_name();
  }
}

TEST_P(DriftTest, RoundTrips) {
  auto name = table.find(GetParam()->name());
  ASSERT_TRUE(name);
  auto *layer = name->getInterface<LayerOpInterface>();
  ImportOptions options;
  options.keepWire = false;
  options.verify = false;
  unsigned variants = std::max(2u, countVariants(GetParam()->message_type()));
  for (unsigned variant = 0; variant < variants; ++variant) {
    std::string file = makeModel(GetParam(), variant, layer->getInputArity(),
                                 layer->getOutputArity());
    for (Form form : {Form::Text, Form::Bytecode}) {
      RoundTrip result = roundTrip(file, form, options);
      ASSERT_EQ(result.error, "") << "variant " << variant << "\n"
                                  << (form == Form::Text ? result.mlir : "");
      ASSERT_EQ(compareBytes(file, result.bytes), "same")
          << "variant " << variant << "\n"
          << (form == Form::Text ? result.mlir : "");
      ASSERT_NE(result.mlir.find(name->getStringRef().drop_front(8).str()),
                std::string::npos)
          << "imported as another operation";
    }
  }
}

std::vector<const FieldDescriptor *> allKinds() {
  std::vector<const FieldDescriptor *> kinds;
  for (int i = 0; i < layerKinds()->field_count(); ++i)
    kinds.push_back(layerKinds()->field(i));
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(
    Layers, DriftTest, testing::ValuesIn(allKinds()),
    [](const testing::TestParamInfo<const FieldDescriptor *> &info) {
      return info.param->name();
    });

TEST(Drift, CoversTheSchema) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  LayerTable table(&context);
  int found = 0;
  for (const FieldDescriptor *kind : allKinds())
    found += table.find(kind->name()).has_value();
  printf("%d of %d layers have an operation\n", found,
         layerKinds()->field_count());
  EXPECT_EQ(layerKinds()->field_count(), 158);
  EXPECT_EQ(found, 158);
  // No operation without a layer, and none twice.
  EXPECT_EQ(table.all().size(), 158u);
}

} // namespace
