//===- Differences.cpp - How the outputs of two models differ -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Differences.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlmodel;
using llvm::Error;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Choices
//===----------------------------------------------------------------------===//

static std::string toText(const Label &label) {
  if (const auto *text = std::get_if<std::string>(&label))
    return *text;
  return std::to_string(std::get<int64_t>(label));
}

std::optional<std::string> mlmodel::getChoice(const FeatureValue &value) {
  if (const auto *text = std::get_if<std::string>(&value))
    return *text;
  if (const auto *number = std::get_if<int64_t>(&value))
    return std::to_string(*number);
  std::vector<std::string> best = getBest(value, 1);
  if (!best.empty())
    return std::move(best.front());
  return std::nullopt;
}

std::vector<std::string> mlmodel::getBest(const FeatureValue &value,
                                          size_t count) {
  std::vector<float> numbers;
  const auto *dictionary = std::get_if<Dictionary>(&value);
  if (const auto *tensor = std::get_if<Tensor>(&value)) {
    Tensor floats = tensor->toFloat32();
    numbers = floats.data<float>().vec();
  } else if (dictionary) {
    for (const auto &[label, number] : *dictionary)
      numbers.push_back(number);
  }
  // A NaN ranks last.
  for (float &number : numbers)
    if (number != number)
      number = -std::numeric_limits<float>::infinity();
  std::vector<size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), size_t(0));
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    [&](size_t a, size_t b) {
                      return numbers[a] != numbers[b] ? numbers[a] > numbers[b]
                                                      : a < b;
                    });
  std::vector<std::string> best;
  for (size_t i : llvm::ArrayRef(order).take_front(count))
    best.push_back(dictionary ? toText((*dictionary)[i].first)
                              : std::to_string(i));
  return best;
}

/// The first output of the first kind of \p order that there is one of.
static const FeatureDescription *
findFirst(llvm::ArrayRef<FeatureDescription> outputs,
          llvm::ArrayRef<FeatureKind> order) {
  for (FeatureKind kind : order)
    for (const FeatureDescription &output : outputs)
      if (output.kind == kind)
        return &output;
  return nullptr;
}

const FeatureDescription *
mlmodel::findRankingOutput(llvm::ArrayRef<FeatureDescription> outputs) {
  return findFirst(outputs, {FeatureKind::Dictionary, FeatureKind::MultiArray});
}

const FeatureDescription *
mlmodel::findChoiceOutput(llvm::ArrayRef<FeatureDescription> outputs) {
  return findFirst(outputs, {FeatureKind::String, FeatureKind::Int64,
                             FeatureKind::Dictionary, FeatureKind::MultiArray});
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

void OutputDifference::addNumber(double a, double b) {
  ++numbers;
  // Equal infinities and two NaNs are no difference.
  double error = a == b || (a != a && b != b) ? 0 : std::fabs(b - a);
  if (error != error)
    error = std::numeric_limits<double>::infinity();
  maxError = std::max(maxError, error);
  errorSquares += error * error;
  if (!std::isfinite(a))
    return;
  squares += a * a;
  peak = std::max(peak, std::fabs(a));
}

void OutputDifference::addChoice(bool same) {
  ++choices;
  agreed += same;
}

double OutputDifference::getSnr() const {
  return errorSquares == 0 ? std::numeric_limits<double>::infinity()
                           : 10 * std::log10(squares / errorSquares);
}

double OutputDifference::getPsnr() const {
  return errorSquares == 0
             ? std::numeric_limits<double>::infinity()
             : 10 * std::log10(peak * peak / (errorSquares / numbers));
}

Error OutputDifference::add(StringRef name, const FeatureValue &a,
                            const FeatureValue &b) {
  auto failed = [&](const llvm::Twine &what) {
    return makeError(ExitCode::ComparisonFailed,
                     "output '" + name + "': " + what);
  };
  if (a.index() != b.index())
    return failed("the models give values of different types");
  if (const auto *tensor = std::get_if<Tensor>(&a)) {
    const Tensor &other = std::get<Tensor>(b);
    if (tensor->shape() != other.shape())
      return failed("shape " + shapeToString(tensor->shape()) + " and " +
                    shapeToString(other.shape()));
    Tensor left = tensor->convertTo(ElementType::Float64);
    Tensor right = other.convertTo(ElementType::Float64);
    for (auto [x, y] : llvm::zip(left.data<double>(), right.data<double>()))
      addNumber(x, y);
    return Error::success();
  }
  if (const auto *number = std::get_if<double>(&a)) {
    addNumber(*number, std::get<double>(b));
    return Error::success();
  }
  if (const auto *dictionary = std::get_if<Dictionary>(&a)) {
    std::map<Label, double> other(std::get<Dictionary>(b).begin(),
                                  std::get<Dictionary>(b).end());
    for (const auto &[label, value] : *dictionary) {
      auto found = other.find(label);
      if (found == other.end() || other.size() != dictionary->size())
        return failed("the models have different classes");
      addNumber(value, found->second);
    }
    addChoice(getChoice(a) == getChoice(b));
    return Error::success();
  }
  addChoice(a == b);
  return Error::success();
}
