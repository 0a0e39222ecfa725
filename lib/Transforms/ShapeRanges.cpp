//===- ShapeRanges.cpp - Which declared shapes can work -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/ShapeRanges.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Transforms/InferShapes.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlmodel;

/// Open ranges are tried up to this size at least.
constexpr int64_t kOpenRangeEnd = 1 << 16;

//===----------------------------------------------------------------------===//
// What the description declares
//===----------------------------------------------------------------------===//

namespace {
using Shape = SmallVector<int64_t>;

/// An input of the network: an array's shape, or an image's [height, width].
struct Input {
  std::string name;
  DictionaryAttr feature;
  bool isImage = false;
  Shape shape;
  std::vector<Shape> enumerated;
  std::vector<FlexibleSize> open;
};
} // namespace

/// A range whose least size is at least 1; equal bounds leave nothing open.
static void addRange(Input &input, size_t axis, Message range) {
  int64_t lower = std::max<int64_t>(range.getInt("lowerBound"), 1);
  int64_t upper = range.getInt("upperBound");
  if (axis >= input.shape.size())
    return;
  if (upper < 0 || upper > lower)
    input.open.push_back(
        {input.name, axis, input.isImage, lower, std::max<int64_t>(upper, -1)});
  else
    input.shape[axis] = lower;
}

static void readImage(Message image, Input &input) {
  input.isImage = true;
  input.shape = {image.getInt("height"), image.getInt("width")};
  for (Message size : image.getMessage("enumeratedSizes").getMessages("sizes"))
    input.enumerated.push_back({size.getInt("height"), size.getInt("width")});
  if (Message range = image.getMessage("imageSizeRange")) {
    addRange(input, 0, range.getMessage("heightRange"));
    addRange(input, 1, range.getMessage("widthRange"));
  }
}

static void readArray(Message array, Input &input) {
  input.shape = llvm::to_vector(array.getInts("shape"));
  for (Message shape :
       array.getMessage("enumeratedShapes").getMessages("shapes"))
    input.enumerated.push_back(llvm::to_vector(shape.getInts("shape")));
  std::vector<Message> ranges =
      array.getMessage("shapeRange").getMessages("sizeRanges");
  // Without a default shape it is the least one.
  if (input.shape.empty())
    for (Message range : ranges)
      input.shape.push_back(std::max<int64_t>(range.getInt("lowerBound"), 1));
  if (input.shape.empty() && !input.enumerated.empty())
    input.shape = input.enumerated.front();
  for (auto [axis, range] : llvm::enumerate(ranges))
    addRange(input, axis, range);
}

/// The inputs of a model that are arrays or images.
static std::vector<Input> readInputs(ModelOp model) {
  std::vector<Input> inputs;
  DictionaryAttr description = model.getDescriptionAttr();
  auto features =
      description ? description.getAs<ArrayAttr>("input") : ArrayAttr();
  if (!features)
    return inputs;
  for (auto feature : features.getAsRange<DictionaryAttr>()) {
    Input input;
    input.name = Message(feature).getString("name", "").str();
    input.feature = feature;
    Message type = Message(feature).getMessage("type");
    if (Message image = type.getMessage("imageType"))
      readImage(image, input);
    else if (Message array = type.getMessage("multiArrayType"))
      readArray(array, input);
    else
      continue;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

/// The axis of the blob of \p input that axis \p axis of the feature becomes.
static std::optional<unsigned> findBlobAxis(NetworkOp network,
                                            const Input &input, size_t axis) {
  Shape other = input.shape;
  ++other[axis];
  auto blob = getInputBlobShape(network, input.feature, input.shape);
  auto changed = getInputBlobShape(network, input.feature, other);
  if (!blob || !changed || blob->size() != changed->size())
    return std::nullopt;
  for (auto [i, sizes] : llvm::enumerate(llvm::zip(*blob, *changed)))
    if (std::get<0>(sizes) != std::get<1>(sizes))
      return i;
  return std::nullopt;
}

DeclaredBlobs mlmodel::getDeclaredBlobs(ModelOp model) {
  auto network = cast<NetworkOp>(model.getContent().getOperation());
  std::vector<Input> inputs = readInputs(model);
  DeclaredBlobs blobs;
  for (auto name : network.getInputNames().getAsRange<StringAttr>()) {
    unsigned number = blobs.shapes.size();
    blobs.shapes.emplace_back();
    for (const Input &input : inputs) {
      if (input.name != name.getValue())
        continue;
      if (auto shape = getInputBlobShape(network, input.feature, input.shape))
        blobs.shapes.back() = *shape;
      for (const FlexibleSize &size : input.open)
        if (auto axis = findBlobAxis(network, input, size.axis))
          blobs.open.push_back({number, *axis, size.lower, size.upper});
    }
  }
  return blobs;
}

//===----------------------------------------------------------------------===//
// Trying shapes
//===----------------------------------------------------------------------===//

namespace {

/// Infers the shapes of a copy of the model again and again.
class Prober {
public:
  Prober(ModelOp model, std::vector<Input> inputs);

  ArrayRef<Input> getInputs() const { return inputs; }
  /// Sets an open size, or a shape, until reset() puts the defaults back.
  void set(const FlexibleSize &size, int64_t value);
  void set(const Input &input, const Shape &shape);
  void reset();

  struct Result {
    /// Where it failed, for comparison; nothing if the shapes work.
    std::optional<Location> place;
    std::string problem;
    bool isLimit = false;
  };
  Result infer();
  /// The shapes that are set.
  std::string describe() const;

private:
  std::vector<Input> inputs;
  llvm::StringMap<Shape> shapes;
  OwningOpRef<ModelOp> model;
};

} // namespace

Prober::Prober(ModelOp original, std::vector<Input> inputs)
    : inputs(std::move(inputs)), model(original.clone()) {
  reset();
}

void Prober::set(const FlexibleSize &size, int64_t value) {
  shapes[size.input][size.axis] = value;
}

void Prober::set(const Input &input, const Shape &shape) {
  shapes[input.name] = shape;
}

void Prober::reset() {
  for (const Input &input : inputs)
    shapes[input.name] = input.shape;
}

Prober::Result Prober::infer() {
  auto network = cast<NetworkOp>(model->getContent().getOperation());
  // What earlier shapes have left must not stay where nothing is known now.
  Type unknown = UnrankedTensorType::get(Float32Type::get(model->getContext()));
  network.walk([&](LayerOpInterface layer) {
    for (Value result : layer->getResults())
      result.setType(unknown);
  });
  InputShapes blobs;
  for (const Input &input : inputs)
    if (auto shape =
            getInputBlobShape(network, input.feature, shapes[input.name]))
      blobs[input.name] = *shape;
  Result result;
  ScopedDiagnosticHandler handler(
      model->getContext(), [&](Diagnostic &diagnostic) {
        if (!result.place) {
          result.place = diagnostic.getLocation();
          result.problem = diagnostic.str();
          result.isLimit = getErrorClass(diagnostic) == ErrorClass::Limit;
        }
        return success();
      });
  bool isInferred = succeeded(inferShapes(*model, blobs));
  (void)isInferred;
  assert(isInferred == !result.place && "a failure without a message");
  return result;
}

std::string Prober::describe() const {
  std::string text;
  for (const Input &input : inputs) {
    if (input.open.empty() && input.enumerated.empty())
      continue;
    text += text.empty() ? "'" : ", '";
    text += input.name + "' is " + toString(toDims(shapes.lookup(input.name)));
  }
  return text;
}

/// The sizes of a range that are tried: all, or the first half of \p maxSizes
/// and others spread over the rest.
static std::vector<int64_t> chooseSizes(const FlexibleSize &size,
                                        size_t maxSizes, bool &isComplete) {
  int64_t upper =
      size.upper < 0 ? std::max(size.lower, kOpenRangeEnd) : size.upper;
  uint64_t count = uint64_t(upper - size.lower) + 1;
  isComplete = size.upper >= 0 && count <= maxSizes;
  std::vector<int64_t> sizes;
  uint64_t dense = count <= maxSizes ? count : maxSizes / 2;
  for (uint64_t i = 0; i < dense; ++i)
    sizes.push_back(size.lower + i);
  if (dense == count)
    return sizes;
  // An odd distance, so that multiples of powers of 2 are among them.
  int64_t distance = ((count - dense) / (maxSizes - dense) - 1) | 1;
  for (uint64_t left = maxSizes - dense; left-- > 0;)
    sizes.push_back(upper - distance * int64_t(left));
  return sizes;
}

static SizeScan scan(Prober &prober, ArrayRef<FlexibleSize> together,
                     size_t maxSizes) {
  SizeScan result;
  result.together = together.vec();
  result.tried = chooseSizes(together.front(), maxSizes, result.isComplete);
  llvm::MapVector<std::pair<Location, unsigned>, FailingSizes> failing;
  for (int64_t value : result.tried) {
    prober.reset();
    for (const FlexibleSize &size : together)
      prober.set(size, value);
    Prober::Result outcome = prober.infer();
    if (!outcome.place) {
      result.working.push_back(value);
      continue;
    }
    FailingSizes &sizes = failing[{*outcome.place, outcome.isLimit}];
    if (sizes.sizes.empty()) {
      sizes.problem = outcome.problem;
      sizes.isLimit = outcome.isLimit;
    }
    sizes.sizes.push_back(value);
  }
  for (auto &[reason, sizes] : failing)
    result.failing.push_back(std::move(sizes));
  return result;
}

/// All open sizes at their least or at their greatest.
static void setCorner(Prober &prober, bool isGreatest) {
  prober.reset();
  for (const Input &input : prober.getInputs())
    for (const FlexibleSize &size : input.open)
      prober.set(size, isGreatest ? size.upper : size.lower);
}

static void tryShape(Prober &prober, ShapeRangeReport &report) {
  std::string shape = prober.describe();
  auto isSame = [&](const TriedShape &tried) { return tried.shape == shape; };
  if (llvm::any_of(report.shapes, isSame))
    return;
  Prober::Result outcome = prober.infer();
  report.shapes.push_back({shape, outcome.problem, outcome.isLimit});
}

ShapeRangeReport mlmodel::checkShapeRanges(ModelOp model, size_t maxSizes) {
  ShapeRangeReport report;
  Prober prober(model, readInputs(model));
  // By their bounds: what has the same ones may have to change together.
  llvm::MapVector<std::pair<int64_t, int64_t>, std::vector<FlexibleSize>> open;
  bool isBounded = true;
  for (const Input &input : prober.getInputs())
    for (const FlexibleSize &size : input.open) {
      open[{size.lower, size.upper}].push_back(size);
      isBounded &= size.upper >= 0;
    }
  if (!prober.describe().empty())
    tryShape(prober, report);
  for (const Input &input : prober.getInputs())
    for (const Shape &shape : input.enumerated) {
      prober.reset();
      prober.set(input, shape);
      tryShape(prober, report);
    }
  for (bool isGreatest : {false, true}) {
    if (open.empty() || (isGreatest && !isBounded))
      continue;
    setCorner(prober, isGreatest);
    tryShape(prober, report);
  }
  for (auto &[bounds, sizes] : open) {
    for (const FlexibleSize &size : sizes)
      report.scans.push_back(scan(prober, size, maxSizes));
    if (sizes.size() > 1)
      report.scans.push_back(scan(prober, sizes, maxSizes));
  }
  return report;
}

bool ShapeRangeReport::hasFailures() const {
  for (const TriedShape &shape : shapes)
    if (!shape.problem.empty() && !shape.isLimit)
      return true;
  for (const SizeScan &scan : scans)
    for (const FailingSizes &sizes : scan.failing)
      if (!sizes.isLimit)
        return true;
  return false;
}

//===----------------------------------------------------------------------===//
// In words
//===----------------------------------------------------------------------===//

std::string FlexibleSize::describe() const {
  std::string what = isImage ? (axis == 0 ? "height" : "width")
                             : "axis " + std::to_string(axis);
  return what + " of '" + input + "'";
}

/// How many of \p sizes, from the first, lie \p step apart.
static size_t countRun(ArrayRef<int64_t> sizes, int64_t step) {
  size_t count = 1;
  while (count < sizes.size() && sizes[count] - sizes[count - 1] == step)
    ++count;
  return count;
}

std::string mlmodel::describeSizes(ArrayRef<int64_t> sizes) {
  constexpr size_t kMaxParts = 6;
  std::vector<std::string> parts;
  while (!sizes.empty()) {
    if (parts.size() == kMaxParts) {
      parts.push_back(std::to_string(sizes.size()) + " more");
      break;
    }
    int64_t step = sizes.size() > 1 ? sizes[1] - sizes[0] : 1;
    size_t count = countRun(sizes, step);
    // Two sizes make no row; nor do three unless they are neighbours.
    if (count < 3 || (step > 1 && count < 4))
      count = step == 1 ? count : 1;
    std::string part = std::to_string(sizes.front());
    if (count > 1)
      part += " to " + std::to_string(sizes[count - 1]);
    if (count > 1 && step > 1)
      part += " in steps of " + std::to_string(step);
    parts.push_back(part);
    sizes = sizes.drop_front(count);
  }
  return llvm::join(parts, ", ");
}
