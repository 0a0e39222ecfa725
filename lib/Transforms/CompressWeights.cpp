//===- CompressWeights.cpp - Smaller weights for a model ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/CompressWeights.h"
#include "EncodeWeights.h"
#include "MLModel/Compression/Decode.h"
#include "MLModel/Support/Errors.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <atomic>
#include <mutex>
#include <thread>

using namespace mlir;
using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Tasks
//===----------------------------------------------------------------------===//

namespace {
/// A weight to compress.
struct Task {
  const PlannedWeight &planned;
  /// The model's bytes, or `storage`.
  ArrayRef<char> raw;
  std::vector<char> storage;
  bool isHalf = false;
  std::optional<Expected<EncodedWeights>> result;

  explicit Task(const PlannedWeight &planned) : planned(planned) {}
  const WeightSlot &getSlot() const { return planned.slot; }
  size_t getNumElements() const { return planned.layout.getNumElements(); }
  /// Finds the bytes.
  Error open();
  /// Needs nothing of MLIR.
  void encode();
  std::vector<float> decodeHalves() const;
};
} // namespace

static Error invalid(const WeightSlot &slot, const Twine &what) {
  return makeError(ExitCode::InvalidModel, slot.describe() + " " + what);
}

Error Task::open() {
  WeightsAttr weights = getSlot().get();
  std::optional<ArrayRef<char>> bytes = getRawBytes(weights.getData(), storage);
  if (!bytes)
    return invalid(getSlot(), "has no data");
  raw = *bytes;
  isHalf = getStorage(weights) == WeightStorage::Float16;
  if (raw.size() != getNumElements() * (isHalf ? 2 : 4))
    return invalid(getSlot(), "has " +
                                  Twine(weights.getData().getNumElements()) +
                                  " values, expected " +
                                  Twine(planned.layout.getNumElements()));
  return Error::success();
}

std::vector<float> Task::decodeHalves() const {
  std::vector<float> values(getNumElements());
  decodeFloat16({reinterpret_cast<const uint8_t *>(raw.data()), raw.size()}, 0,
                values);
  return values;
}

void Task::encode() {
  FloatView values(raw.data(), getNumElements());
  std::vector<float> decoded;
  if (isHalf) {
    decoded = decodeHalves();
    values = FloatView(decoded);
  }
  result.emplace(encodeWeights(values, planned.layout, planned.scheme, isHalf));
}

Expected<TrialResult> mlmodel::tryScheme(const PlannedWeight &planned,
                                         const WeightScheme &scheme) {
  PlannedWeight trial{planned.slot, planned.layout, scheme};
  Task task(trial);
  if (Error error = task.open())
    return std::move(error);
  task.encode();
  if (!*task.result)
    return addContext(planned.slot.describe(), task.result->takeError());
  EncodedWeights &encoded = **task.result;
  TrialResult result;
  result.keepReason = encoded.keepReason;
  if (!result.keepReason.empty())
    return result;
  result.values = decodeEncoded(encoded, planned.layout, scheme);
  result.bytes = encoded.getBytes();
  result.error = encoded.error;
  return result;
}

Expected<std::vector<float>>
mlmodel::readWeights(const PlannedWeight &planned) {
  Task task(planned);
  if (Error error = task.open())
    return std::move(error);
  if (task.isHalf)
    return task.decodeHalves();
  std::vector<float> values(task.getNumElements());
  FloatView(task.raw.data(), values.size())
      .copyTo(values.data(), values.size());
  return values;
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

namespace {
/// Encodes all tasks on several threads. The largest come first, so that no
/// thread is left with a large one at the end.
class Encoder {
public:
  Encoder(ArrayRef<std::unique_ptr<Task>> tasks,
          const ProgressCallback &progress)
      : progress(progress) {
    for (const std::unique_ptr<Task> &task : tasks) {
      order.push_back(task.get());
      totals.totalWork += task->getNumElements();
    }
    totals.totalItems = order.size();
    llvm::stable_sort(order, [](const Task *a, const Task *b) {
      return a->getNumElements() > b->getNumElements();
    });
  }

  void run(size_t count) {
    if (!count)
      count = std::thread::hardware_concurrency();
    count = std::clamp<size_t>(count, 1, std::max<size_t>(order.size(), 1));
    std::vector<std::thread> threads;
    for (size_t i = 1; i < count; ++i)
      threads.emplace_back([this] { work(); });
    work();
    for (std::thread &thread : threads)
      thread.join();
  }

private:
  void work() {
    for (size_t i = next++; i < order.size(); i = next++) {
      Task &task = *order[i];
      tell(
          (task.getSlot().getLayerName() + " " + task.planned.scheme.describe())
              .str(),
          0);
      task.encode();
      tell("", task.getNumElements());
    }
  }
  void tell(StringRef begun, uint64_t finished) {
    if (!progress)
      return;
    std::lock_guard<std::mutex> lock(mutex);
    CompressionProgress event = totals;
    event.begun = begun.str();
    event.finished = finished;
    progress(event);
  }

  const ProgressCallback &progress;
  CompressionProgress totals;
  std::vector<Task *> order;
  std::atomic<size_t> next{0};
  std::mutex mutex;
};
} // namespace

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

ElementsAttr mlmodel::makePayload(Type elementType, StringRef name,
                                  std::vector<uint8_t> bytes) {
  int64_t width = elementType.getIntOrFloatBitWidth() / 8;
  auto type = RankedTensorType::get(
      {static_cast<int64_t>(bytes.size()) / width}, elementType);
  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(bytes));
  ArrayRef<char> data(reinterpret_cast<const char *>(owner->data()),
                      owner->size());
  AsmResourceBlob blob(
      data, /*dataAlignment=*/1,
      [owner](void *, size_t, size_t) mutable { owner.reset(); },
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}

static WeightsAttr makeWeights(const WeightSlot &slot,
                               EncodedWeights &encoded) {
  MLIRContext *context = slot.getLayer()->getContext();
  Builder b(context);
  Attribute quantization;
  Type type = b.getIntegerType(8, /*isSigned=*/false);
  if (encoded.storage == WeightStorage::Float32)
    type = b.getF32Type();
  else if (encoded.storage == WeightStorage::Float16)
    type = b.getF16Type();
  else if (encoded.storage == WeightStorage::Int8)
    type = b.getIntegerType(8, /*isSigned=*/true);
  if (!encoded.table.empty())
    quantization = LookupTableAttr::get(context, encoded.bits,
                                        b.getDenseF32ArrayAttr(encoded.table));
  else if (!encoded.scale.empty())
    quantization = LinearQuantizationAttr::get(
        context, encoded.bits, b.getDenseF32ArrayAttr(encoded.scale),
        encoded.bias.empty() ? DenseF32ArrayAttr()
                             : b.getDenseF32ArrayAttr(encoded.bias));
  std::string name = (slot.getLayerName() + "." + slot.getField()).str();
  ElementsAttr data = makePayload(type, name, std::move(encoded.bytes));
  return WeightsAttr::get(context, data, quantization,
                          slot.get().getIsUpdatable());
}

/// The first specification version that knows weights in \p storage.
static int64_t getLeastVersion(WeightStorage storage) {
  switch (storage) {
  case WeightStorage::Float16:
    return 2;
  case WeightStorage::Raw:
    return 3;
  case WeightStorage::Int8:
    return 5;
  default:
    return 1;
  }
}

/// Also of the pipelines around.
static void raiseVersion(Operation *layer, int64_t version) {
  for (auto model = layer->getParentOfType<ModelOp>(); model;
       model = model->getParentOfType<ModelOp>())
    if (model.getSpecificationVersion() < version)
      model.setSpecificationVersion(version);
}

static WeightReport makeReport(const Task &task,
                               const EncodedWeights &encoded) {
  const PlannedWeight &planned = task.planned;
  WeightReport report;
  report.op = planned.slot.getLayer();
  report.layer = planned.slot.getLayerName().str();
  report.kind = planned.slot.getLayerKind().str();
  report.field = planned.slot.getField();
  report.shape.assign(planned.layout.shape.begin(), planned.layout.shape.end());
  report.scheme = planned.scheme;
  report.bits = encoded.bits;
  report.bytesBefore = task.raw.size();
  report.bytesAfter = encoded.getBytes();
  report.count = task.getNumElements();
  report.zeros = encoded.zeros;
  report.error = encoded.error;
  report.certificate = encoded.certificate;
  return report;
}

/// Puts the result of \p task into the model, unless the weight stays.
static void applyResult(Task &task, CompressionReport &report) {
  EncodedWeights &encoded = **task.result;
  const WeightSlot &slot = task.getSlot();
  if (encoded.keepReason.empty() && !task.planned.scheme.pruning &&
      encoded.getBytes() >= task.raw.size())
    encoded.keepReason = "would not get smaller";
  if (!encoded.keepReason.empty()) {
    report.skipped.push_back({slot.getLayerName().str(),
                              slot.getLayerKind().str(), slot.getField(),
                              encoded.keepReason});
    return;
  }
  report.weights.push_back(makeReport(task, encoded));
  Operation *layer = slot.getLayer();
  if (encoded.storage == WeightStorage::Int8)
    layer->setAttr("int8DynamicQuantize",
                   BoolAttr::get(layer->getContext(), true));
  raiseVersion(layer, getLeastVersion(encoded.storage));
  slot.set(makeWeights(slot, encoded));
}

/// The first error in the order of the layers.
static Error takeErrors(ArrayRef<std::unique_ptr<Task>> tasks) {
  Error first = Error::success();
  for (const std::unique_ptr<Task> &task : tasks) {
    if (*task->result)
      continue;
    Error error = task->result->takeError();
    if (first)
      llvm::consumeError(std::move(error));
    else
      first = makeError(ExitCode::InvalidModel,
                        task->getSlot().describe() + ": " +
                            llvm::toString(std::move(error)));
  }
  return first;
}

Expected<CompressionReport>
mlmodel::compressWeights(ModelOp model, const CompressionPlan &plan,
                         unsigned threads, const ProgressCallback &progress) {
  std::vector<std::unique_ptr<Task>> tasks;
  for (const PlannedWeight &planned : plan.weights) {
    tasks.push_back(std::make_unique<Task>(planned));
    if (Error error = tasks.back()->open())
      return std::move(error);
  }
  Encoder(tasks, progress).run(threads);
  if (Error error = takeErrors(tasks))
    return std::move(error);
  CompressionReport report;
  report.skipped = plan.skipped;
  for (const std::unique_ptr<Task> &task : tasks)
    applyResult(*task, report);
  return report;
}

Expected<CompressionReport>
mlmodel::compressWeights(ModelOp model, const CompressionOptions &options,
                         unsigned threads, const ProgressCallback &progress) {
  Expected<CompressionPlan> plan = planCompression(model, options);
  if (!plan)
    return plan.takeError();
  return compressWeights(model, *plan, threads, progress);
}

uint64_t CompressionReport::getBytesBefore() const {
  uint64_t bytes = 0;
  for (const WeightReport &weight : weights)
    bytes += weight.bytesBefore;
  return bytes;
}

uint64_t CompressionReport::getBytesAfter() const {
  uint64_t bytes = 0;
  for (const WeightReport &weight : weights)
    bytes += weight.bytesAfter;
  return bytes;
}
