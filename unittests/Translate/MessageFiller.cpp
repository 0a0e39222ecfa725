//===- MessageFiller.cpp - Messages with something in them ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MessageFiller.h"
#include <cmath>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <limits>

using namespace mlmodel::test;
using CoreML::Specification::Model;
using CoreML::Specification::NeuralNetworkLayer;
using CoreML::Specification::WeightParams;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

bool MessageFiller::chance(double probability) {
  return isExhaustive || below(1000) < probability * 1000;
}

double MessageFiller::number() {
  if (isExhaustive)
    return ++counter + 0.5;
  const double awkward[] = {0.0,
                            -0.0,
                            1.0 / 3.0,
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(),
                            std::nan("7"),
                            std::numeric_limits<double>::denorm_min(),
                            1e-45,
                            3.4028234e38,
                            -2.5};
  return chance(0.5) ? awkward[below(10)] : ++counter * 0.1;
}

uint64_t MessageFiller::integer() {
  if (isExhaustive)
    return ++counter;
  const uint64_t awkward[] = {
      0,          1,          ~uint64_t(0), uint64_t(1) << 63,
      0x7fffffff, 0x80000000, 0xffffffff,   300};
  return chance(0.5) ? awkward[below(8)] : ++counter;
}

std::string MessageFiller::text() {
  std::string name = "s" + std::to_string(++counter);
  const char *awkward[] = {"",     "\"",       "\\",           "\n", "\t",
                           "\x01", "\xc3\xa9", "\xe6\xa8\xa1", "%",  " "};
  return isExhaustive ? name : name + awkward[below(10)];
}

std::string MessageFiller::bytes() {
  std::string result(isExhaustive || chance(0.5) ? 20 : 300, '\0');
  for (char &c : result)
    c = ++counter * 37;
  return result;
}

int MessageFiller::enumValue(const FieldDescriptor *field) {
  const auto *type = field->enum_type();
  unsigned count = type->value_count();
  if (count == 1)
    return type->value(0)->number();
  return type->value(1 + (isExhaustive ? variant : below(count)) % (count - 1))
      ->number();
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

void MessageFiller::setScalar(Message &message, const FieldDescriptor *field) {
  const auto *reflection = message.GetReflection();
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_BOOL:
    return reflection->SetBool(&message, field, chance(0.5));
  case FieldDescriptor::CPPTYPE_INT32:
    return reflection->SetInt32(&message, field, integer());
  case FieldDescriptor::CPPTYPE_UINT32:
    return reflection->SetUInt32(&message, field, integer());
  case FieldDescriptor::CPPTYPE_INT64:
    return reflection->SetInt64(&message, field, integer());
  case FieldDescriptor::CPPTYPE_UINT64:
    return reflection->SetUInt64(&message, field, integer());
  case FieldDescriptor::CPPTYPE_FLOAT:
    return reflection->SetFloat(&message, field, number());
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return reflection->SetDouble(&message, field, number());
  case FieldDescriptor::CPPTYPE_ENUM:
    return reflection->SetEnumValue(&message, field, enumValue(field));
  default:
    return reflection->SetString(
        &message, field,
        field->type() == FieldDescriptor::TYPE_BYTES ? bytes() : text());
  }
}

void MessageFiller::addScalar(Message &message, const FieldDescriptor *field) {
  const auto *reflection = message.GetReflection();
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_BOOL:
    return reflection->AddBool(&message, field, chance(0.5));
  case FieldDescriptor::CPPTYPE_INT32:
    return reflection->AddInt32(&message, field, integer());
  case FieldDescriptor::CPPTYPE_UINT32:
    return reflection->AddUInt32(&message, field, integer());
  case FieldDescriptor::CPPTYPE_INT64:
    return reflection->AddInt64(&message, field, integer());
  case FieldDescriptor::CPPTYPE_UINT64:
    return reflection->AddUInt64(&message, field, integer());
  case FieldDescriptor::CPPTYPE_FLOAT:
    return reflection->AddFloat(&message, field, number());
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return reflection->AddDouble(&message, field, number());
  case FieldDescriptor::CPPTYPE_ENUM:
    return reflection->AddEnumValue(&message, field, enumValue(field));
  default:
    return reflection->AddString(
        &message, field,
        field->type() == FieldDescriptor::TYPE_BYTES ? bytes() : text());
  }
}

void MessageFiller::fillField(Message &message, const FieldDescriptor *field,
                              unsigned depth) {
  const auto *reflection = message.GetReflection();
  bool isMessage = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (isMessage && field->name() != "pipeline" &&
      (depth > 12 || messagesLeft == 0))
    return;
  if (!field->is_repeated())
    return isMessage ? fillMessage(*reflection->MutableMessage(&message, field),
                                   depth + 1)
                     : setScalar(message, field);
  unsigned count = isExhaustive ? 2 : isMessage ? below(3) : below(5);
  for (unsigned i = 0; i < count; ++i) {
    if (isMessage)
      fillMessage(*reflection->AddMessage(&message, field), depth + 1);
    else
      addScalar(message, field);
  }
}

void MessageFiller::fillFields(Message &message, unsigned depth) {
  const auto *descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->oneof_decl_count(); ++i) {
    const auto *oneof = descriptor->oneof_decl(i);
    unsigned member = isExhaustive ? variant : below(oneof->field_count());
    if (chance(0.8))
      fillField(message, oneof->field(member % oneof->field_count()), depth);
  }
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor *field = descriptor->field(i);
    // A pipeline classifier without its pipeline is no model.
    if (!field->containing_oneof() &&
        (field->name() == "pipeline" || chance(0.6)))
      fillField(message, field, depth);
  }
}

void MessageFiller::fillMessage(Message &message, unsigned depth) {
  const auto *type = message.GetDescriptor();
  if (messagesLeft && !isExhaustive)
    --messagesLeft;
  if (type == WeightParams::descriptor())
    return fillWeights(static_cast<WeightParams &>(message));
  if (type == Model::descriptor()) {
    const auto *types = type->FindOneofByName("Type");
    return fillModel(static_cast<Model &>(message),
                     types->field(below(types->field_count())));
  }
  if (type->name().rfind("NeuralNetwork", 0) == 0 &&
      type->FindFieldByName("layers"))
    return fillNetwork(message, depth);
  fillFields(message, depth);
}

//===----------------------------------------------------------------------===//
// Weights, networks and models
//===----------------------------------------------------------------------===//

void MessageFiller::fillWeights(WeightParams &weights) {
  // Long payloads become resources, short ones are kept inline.
  unsigned count = isExhaustive ? (counter % 2 ? 6 : 100) : below(200);
  unsigned encoding = isExhaustive ? variant % 5 : below(6);
  std::string raw(count * 4, '\0');
  for (char &c : raw)
    c = ++counter * 11;
  auto *quantization = encoding >= 2 && encoding < 5 && chance(0.9)
                           ? weights.mutable_quantization()
                           : nullptr;
  if (encoding == 0)
    for (unsigned i = 0; i < count; ++i)
      weights.add_floatvalue(number());
  else if (encoding == 1)
    weights.set_float16value(raw);
  else if (encoding == 2 || encoding == 3)
    weights.set_rawvalue(raw);
  else if (encoding == 4)
    weights.set_int8rawvalue(raw);
  if (quantization)
    quantization->set_numberofbits(1 + (counter % 8));
  if (quantization && encoding == 3)
    for (unsigned i = 0; i < 16; ++i)
      quantization->mutable_lookuptablequantization()->add_floatvalue(number());
  else if (quantization && chance(0.9))
    for (unsigned i = 0; i < (isExhaustive ? 3 : below(2000)); ++i) {
      quantization->mutable_linearquantization()->add_scale(number());
      quantization->mutable_linearquantization()->add_bias(number());
    }
  weights.set_isupdatable(chance(0.2));
}

void MessageFiller::fillLayer(NeuralNetworkLayer &layer,
                              const FieldDescriptor *kind, unsigned numInputs,
                              unsigned numOutputs) {
  const auto *reflection = layer.GetReflection();
  for (const char *name : {"inputTensor", "outputTensor", "isUpdatable"})
    if (chance(0.3))
      fillField(layer, layer.GetDescriptor()->FindFieldByName(name), 0);
  layer.set_name("layer" + std::to_string(++counter));
  for (unsigned i = 0; i < numInputs; ++i)
    layer.add_input(blobs[(counter + i) % blobs.size()]);
  fillMessage(*reflection->MutableMessage(&layer, kind), 1);
  for (unsigned i = 0; i < numOutputs; ++i)
    layer.add_output("blob" + std::to_string(++counter));
  // What control flow defines depends on its bodies.
  if (kind->name() != "branch" && kind->name() != "loop")
    blobs.insert(blobs.end(), layer.output().begin(), layer.output().end());
}

void MessageFiller::fillNetwork(Message &network, unsigned depth) {
  const auto *field = network.GetDescriptor()->FindFieldByName("layers");
  auto addLayer = [&]() -> NeuralNetworkLayer & {
    return static_cast<NeuralNetworkLayer &>(
        *network.GetReflection()->AddMessage(&network, field));
  };
  std::vector<std::string> outer = blobs;
  if (networkDepth++ > 0) {
    for (int i = 0; i < 2; ++i) {
      NeuralNetworkLayer &layer = addLayer();
      layer.set_name("copy" + std::to_string(++counter));
      layer.add_input(blobs[counter % blobs.size()]);
      layer.add_output(bodiesOverwrite ? blobs.front()
                                       : "inner" + std::to_string(counter));
      layer.mutable_copy();
    }
  } else {
    const auto *kinds =
        NeuralNetworkLayer::descriptor()->FindOneofByName("layer");
    for (unsigned i = below(8); i > 0; --i)
      fillLayer(addLayer(), kinds->field(below(kinds->field_count())),
                blobs.empty() ? 0 : 1 + below(2), 1 + below(2));
    for (int i = 0; i < network.GetDescriptor()->field_count(); ++i)
      if (const auto *other = network.GetDescriptor()->field(i);
          other != field && !other->containing_oneof() && chance(0.5))
        fillField(network, other, depth);
  }
  --networkDepth;
  blobs = std::move(outer);
}

void MessageFiller::fillModel(Model &model, const FieldDescriptor *type) {
  model.set_specificationversion(1 + below(10));
  model.set_isupdatable(chance(0.3));
  if (chance(0.9))
    fillMessage(*model.mutable_description(), 1);
  std::vector<std::string> outer = std::move(blobs);
  unsigned outerDepth = networkDepth;
  blobs.clear();
  networkDepth = 0;
  for (const auto &feature : model.description().input())
    if (!feature.name().empty())
      blobs.push_back(feature.name());
  if (type->message_type())
    fillMessage(*model.GetReflection()->MutableMessage(&model, type), 2);
  else
    setScalar(model, type);
  blobs = std::move(outer);
  networkDepth = outerDepth;
}

std::string mlmodel::test::serialize(const Model &model) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  model.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}
