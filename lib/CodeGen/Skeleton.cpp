//===- Skeleton.cpp - What a module is but for its numbers ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "llvm/ADT/Hashing.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Skeleton
//===----------------------------------------------------------------------===//

/// The value of a scalar constant as a number; its bits if it is a float.
static std::optional<int64_t> getNumber(Attribute value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getValue().getSExtValue();
  if (auto real = dyn_cast<FloatAttr>(value))
    return real.getValue().bitcastToAPInt().getSExtValue();
  return std::nullopt;
}

/// The number that \p value always is, if it is a scalar constant.
static std::optional<int64_t> getConstantNumber(Value value) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  return constant ? getNumber(constant.getValue()) : std::nullopt;
}

constexpr int64_t Skeleton::kAnyNumber;

/// Takes a module apart. Scalar constants are parts of the operations that use
/// them: how many there are depends on which numbers happen to be equal.
class Skeleton::Walker {
public:
  explicit Walker(Skeleton &skeleton) : skeleton(skeleton) {}

  void walk(Operation *op);

private:
  void add(uintptr_t token) { skeleton.structure.push_back(token); }
  void add(const void *token) { add(reinterpret_cast<uintptr_t>(token)); }
  /// A number is a part of the structure if it says that something is not
  /// known.
  void addNumber(int64_t number, NumberKind kind) {
    add(uintptr_t(ShapedType::isDynamic(number)));
    skeleton.numbers.push_back(number);
    skeleton.kinds.push_back(kind);
  }
  Place &addPlace(Place::Kind kind) {
    skeleton.places.push_back({kind, skeleton.numbers.size()});
    return skeleton.places.back();
  }

  void addValue(Value value);
  void addOperand(OpOperand &operand);
  void addAttributes(Operation *op);
  void addAttribute(Operation *op, NamedAttribute attribute);

  Skeleton &skeleton;
  DenseMap<Value, uintptr_t> numbering;
};

/// A new value.
void Skeleton::Walker::addValue(Value value) {
  numbering.try_emplace(value, numbering.size());
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type)
    return add(value.getType().getAsOpaquePointer());
  SmallVector<int64_t> strides;
  int64_t offset;
  bool isIdentity = type.getLayout().isIdentity();
  if (!isIdentity && failed(type.getStridesAndOffset(strides, offset)))
    return add(type.getAsOpaquePointer());
  add(type.getElementType().getAsOpaquePointer());
  add(type.getMemorySpace().getAsOpaquePointer());
  add(uintptr_t(type.getRank()));
  add(uintptr_t(isIdentity));
  addPlace(Place::ValueType).value = value;
  llvm::for_each(type.getShape(), [&](int64_t size) { addNumber(size, Size); });
  if (isIdentity)
    return;
  // Where nothing lies matters to nobody.
  bool isEmpty = llvm::is_contained(type.getShape(), 0);
  llvm::for_each(strides, [&](int64_t stride) {
    addNumber(isEmpty ? kAnyNumber : stride, Stride);
  });
  addNumber(isEmpty ? kAnyNumber : offset, Offset);
}

void Skeleton::Walker::addOperand(OpOperand &operand) {
  if (std::optional<int64_t> number = getConstantNumber(operand.get())) {
    add(operand.get().getType().getAsOpaquePointer());
    Place &place = addPlace(Place::ConstantOperand);
    place.op = operand.getOwner();
    place.operand = operand.getOperandNumber();
    // Which buffers share memory follows from all sizes together.
    place.isFree = isa<memref::ViewOp>(place.op);
    addNumber(*number, Other);
    return;
  }
  auto known = numbering.find(operand.get());
  assert(known != numbering.end() && "used before it is defined");
  add(known->second + 1);
}

void Skeleton::Walker::addAttribute(Operation *op, NamedAttribute attribute) {
  add(attribute.getName().getAsOpaquePointer());
  // The types of arguments and results are those of values.
  if (isa<func::FuncOp>(op) && attribute.getName() == "function_type")
    return;
  auto list = dyn_cast<DenseI64ArrayAttr>(attribute.getValue());
  bool isSizes = list && attribute.getName().strref().starts_with("static_");
  bool isArena = attribute.getName() == kArenaBytesAttrName;
  // The type of a buffer tells the rest.
  if (isSizes && op->getNumOperands() == 1)
    return;
  if (!isSizes && !isArena)
    return add(attribute.getValue().getAsOpaquePointer());
  Place &place = addPlace(Place::Attribute);
  place.op = op;
  place.attribute = attribute.getName();
  if (isArena)
    return addNumber(cast<IntegerAttr>(attribute.getValue()).getInt(), Other);
  add(uintptr_t(list.size()));
  llvm::for_each(list.asArrayRef(),
                 [&](int64_t number) { addNumber(number, Other); });
}

void Skeleton::Walker::addAttributes(Operation *op) {
  DictionaryAttr all = op->getAttrDictionary();
  add(uintptr_t(all.size()));
  for (NamedAttribute attribute : all)
    addAttribute(op, attribute);
}

void Skeleton::Walker::walk(Operation *op) {
  if (op->getNumResults() == 1 && getConstantNumber(op->getResult(0)))
    return;
  skeleton.operations.push_back({skeleton.structure.size(), op});
  add(op->getName().getAsOpaquePointer());
  addAttributes(op);
  add(uintptr_t(op->getNumOperands()));
  for (OpOperand &operand : op->getOpOperands())
    addOperand(operand);
  add(uintptr_t(op->getNumResults()));
  for (Value result : op->getResults())
    addValue(result);
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      for (BlockArgument argument : block.getArguments())
        addValue(argument);
      for (Operation &nested : block)
        walk(&nested);
    }
  // Where the operation ends.
  add(uintptr_t(0));
}

Skeleton::Skeleton(ModuleOp module) {
  Walker walker(*this);
  for (Operation &op : *module.getBody())
    walker.walk(&op);
}

Operation *Skeleton::findDifference(const Skeleton &other) const {
  auto [mine, its] =
      std::mismatch(structure.begin(), structure.end(), other.structure.begin(),
                    other.structure.end());
  if (mine == structure.end() && its == other.structure.end())
    return nullptr;
  size_t index = mine - structure.begin();
  auto after = llvm::partition_point(
      operations, [&](const auto &entry) { return entry.first <= index; });
  return after == operations.begin() ? operations.front().second
                                     : std::prev(after)->second;
}

//===----------------------------------------------------------------------===//
// OpenNumbers
//===----------------------------------------------------------------------===//

OpenNumbers::OpenNumbers(ArrayRef<const Skeleton *> samples) {
  ArrayRef<int64_t> first = samples.front()->getNumbers();
  parameters.assign(first.size(), -1);
  for (const Skeleton::Place &place : samples.front()->getPlaces())
    if (place.isFree)
      parameters[place.first] = numParameters++;
  std::map<std::vector<int64_t>, int> known;
  for (size_t i = 0; i < first.size(); ++i) {
    // What different kinds have in common is so by chance, and offsets have
    // nothing in common.
    Skeleton::NumberKind kind = samples.front()->getKind(i);
    std::vector<int64_t> values{kind};
    for (const Skeleton *sample : samples)
      values.push_back(sample->getNumbers()[i]);
    if (parameters[i] >= 0 || llvm::all_equal(ArrayRef(values).drop_front()))
      continue;
    if (kind == Skeleton::Offset)
      values.push_back(i);
    auto [entry, isNew] = known.try_emplace(values, numParameters);
    numParameters += isNew;
    parameters[i] = entry->second;
  }
}

std::optional<unsigned> OpenNumbers::getParameter(size_t index) const {
  return parameters[index] < 0 ? std::nullopt
                               : std::optional<unsigned>(parameters[index]);
}

Operation *Skeleton::findOwner(size_t index) const {
  auto after = llvm::partition_point(
      places, [&](const Place &place) { return place.first <= index; });
  const Place &place = *std::prev(after);
  if (place.kind != Place::ValueType)
    return place.op;
  Value value = place.value;
  Operation *op = value.getDefiningOp();
  return op ? op : value.getParentBlock()->getParentOp();
}

std::optional<std::vector<int64_t>>
OpenNumbers::read(const Skeleton &reference, const Skeleton &skeleton,
                  Operation *&misfit) const {
  misfit = reference.findDifference(skeleton);
  if (misfit)
    return std::nullopt;
  std::vector<std::optional<int64_t>> values(numParameters);
  for (auto [index, mine, its, parameter] : llvm::enumerate(
           reference.getNumbers(), skeleton.getNumbers(), parameters)) {
    if (its == Skeleton::kAnyNumber)
      continue;
    if (parameter < 0 ? mine != its : values[parameter].value_or(its) != its) {
      misfit = reference.findOwner(index);
      return std::nullopt;
    }
    if (parameter >= 0)
      values[parameter] = its;
  }
  std::vector<int64_t> numbers;
  for (std::optional<int64_t> value : values)
    numbers.push_back(value.value_or(0));
  return numbers;
}
