//===- OutputProbe.cpp - What a weight does to the outputs ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputProbe.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/IR/Builders.h"
#include <cmath>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

double OutputError::getNoise() const { return std::pow(10, -snrDb / 10); }

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// All weights of \p module, in an order that copies of it share.
static std::vector<WeightSlot> findSlots(mlir::ModuleOp module) {
  std::vector<WeightSlot> slots;
  module.walk([&](LayerOpInterface layer) {
    llvm::append_range(slots, WeightSlot::findAll(layer));
  });
  return slots;
}

static WeightsAttr makeFloats(const WeightSlot &slot,
                              llvm::ArrayRef<float> values) {
  mlir::MLIRContext *context = slot.getLayer()->getContext();
  std::vector<uint8_t> bytes(values.size() * sizeof(float));
  memcpy(bytes.data(), values.data(), bytes.size());
  return WeightsAttr::get(context,
                          makePayload(mlir::Float32Type::get(context),
                                      slot.getField(), std::move(bytes)),
                          mlir::Attribute(), slot.get().getIsUpdatable());
}

/// The bytes of \p module's file with the weights of \p plan as float32.
static Expected<std::vector<uint8_t>>
writeFloats(mlir::ModuleOp module, const CompressionPlan &plan,
            llvm::ArrayRef<std::vector<float>> values) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  std::vector<WeightSlot> slots = findSlots(module), copies = findSlots(*copy);
  size_t next = 0;
  for (auto [slot, other] : llvm::zip_equal(slots, copies)) {
    if (next == plan.weights.size())
      break;
    const WeightSlot &wanted = plan.weights[next].slot;
    if (slot.getLayer() == wanted.getLayer() &&
        slot.getField() == wanted.getField())
      other.set(makeFloats(other, values[next++]));
  }
  assert(next == plan.weights.size() && "the plan is of another model");
  llvm::FailureOr<Rope> rope = exportModel(*copy);
  if (failed(rope))
    return makeError(ExitCode::InvalidModel, "the model cannot be written");
  std::string text = rope->str();
  return std::vector<uint8_t>(text.begin(), text.end());
}

/// Layers may have the same name, so the plan's weights are found in order.
Error OutputProbe::findWeights(const CompressionPlan &plan) {
  llvm::ArrayRef<uint8_t> all = file->bytes();
  for (const WeightSlot &slot : findSlots(model->getModule())) {
    if (places.size() == plan.weights.size())
      break;
    if (slot.describe() != plan.weights[places.size()].slot.describe())
      continue;
    std::vector<char> storage;
    auto bytes = getRawBytes(slot.get().getData(), storage);
    auto *begin =
        bytes ? reinterpret_cast<const uint8_t *>(bytes->data()) : nullptr;
    if (begin < all.begin() || begin >= all.end())
      return makeError(ExitCode::Unsupported,
                       slot.describe() + ": is too small to be changed while "
                                         "the model runs");
    // The buffer is the probe's own.
    places.emplace_back(const_cast<char *>(bytes->data()), bytes->size());
  }
  if (places.size() != plan.weights.size())
    return makeError(ExitCode::Unsupported,
                     plan.weights[places.size()].slot.describe() +
                         ": a rule has replaced this layer");
  return Error::success();
}

Expected<std::unique_ptr<OutputProbe>>
OutputProbe::create(mlir::ModuleOp module, const CompressionPlan &plan,
                    const ProbeInputs &inputs, const LoadOptions &options) {
  std::unique_ptr<OutputProbe> probe(new OutputProbe());
  probe->options = options;
  probe->options.readWeightsInPlace = true;
  for (const PlannedWeight &planned : plan.weights) {
    Expected<std::vector<float>> values = readWeights(planned);
    if (!values)
      return values.takeError();
    probe->originals.push_back(std::move(*values));
  }
  Expected<std::vector<uint8_t>> bytes =
      writeFloats(module, plan, probe->originals);
  if (!bytes)
    return bytes.takeError();
  probe->file = MappedFile::fromBuffer("the model", std::move(*bytes));
  probe->isChanged.assign(plan.weights.size(), false);
  if (Error error =
          Model::load(probe->file, probe->options).moveInto(probe->model))
    return std::move(error);
  if (Error error = probe->findWeights(plan))
    return std::move(error);
  if (inputs.path.empty()) {
    probe->data = DataSet::random(*probe->model, inputs.random, inputs.seed);
  } else {
    Expected<DataSet> data = DataSet::open(*probe->model, inputs.path);
    if (!data)
      return data.takeError();
    probe->data = std::move(*data);
  }
  if (const FeatureDescription *choice =
          findChoiceOutput(probe->model->outputs()))
    probe->choiceOutput = choice->name;
  for (size_t i = 0; i != probe->data->size(); ++i) {
    Expected<FeatureMap> outputs = probe->predict(i);
    if (!outputs)
      return outputs.takeError();
    probe->expected.push_back(std::move(*outputs));
  }
  return probe;
}

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

void OutputProbe::set(size_t weight, llvm::ArrayRef<float> values) {
  llvm::MutableArrayRef<char> place = places[weight];
  assert(place.size() == values.size() * sizeof(float) && "wrong size");
  memcpy(place.data(), values.data(), place.size());
  isChanged[weight] = llvm::ArrayRef<float>(originals[weight]) != values;
}

void OutputProbe::reset(size_t weight) { set(weight, originals[weight]); }

Expected<FeatureMap> OutputProbe::predict(size_t index) {
  Expected<FeatureMap> inputs = data->get(index);
  if (!inputs)
    return inputs.takeError();
  return (reloaded ? *reloaded : *model).predict(*inputs);
}

Expected<OutputError> OutputProbe::compare() {
  std::map<std::string, OutputDifference> differences;
  size_t agreed = 0;
  for (size_t i = 0; i != expected.size(); ++i) {
    Expected<FeatureMap> outputs = predict(i);
    if (!outputs)
      return outputs.takeError();
    for (auto &[name, value] : expected[i])
      if (Error error = differences[name].add(name, value, (*outputs)[name]))
        return std::move(error);
    agreed += choiceOutput.empty() || getChoice(expected[i][choiceOutput]) ==
                                          getChoice((*outputs)[choiceOutput]);
  }
  OutputError result;
  result.snrDb = std::numeric_limits<double>::infinity();
  result.agreement = double(agreed) / expected.size();
  bool hasNumbers = false;
  for (auto &[name, difference] : differences) {
    hasNumbers |= difference.hasNumbers();
    if (difference.hasNumbers())
      result.snrDb = std::min(result.snrDb, difference.getSnr());
  }
  if (!hasNumbers)
    return makeError(ExitCode::Usage,
                     "no output of the model has numbers to compare");
  return result;
}

Expected<OutputError> OutputProbe::measure() {
  bool isOriginal = !llvm::is_contained(isChanged, true);
  if (mustReload && !isOriginal)
    if (Error error = reload())
      return std::move(error);
  Expected<OutputError> result = compare();
  if (!result || isOriginal || mustReload || !std::isinf(result->snrDb))
    return result;
  // No output noticed the change. Either it has no effect, or the compiled code
  // holds copies of weights.
  if (Error error = reload())
    return std::move(error);
  result = compare();
  mustReload = result && !std::isinf(result->snrDb);
  return result;
}

Error OutputProbe::reload() {
  return Model::load(file, options).moveInto(reloaded);
}
