//===- DeclaredShapes.cpp - mlmodel info --shapes -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeclaredShapes.h"
#include "MLModel/Transforms/ShapeRanges.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
namespace json = llvm::json;

/// "height of 'image'", with what changes along with it.
static std::string describe(const SizeScan &scan) {
  std::string text;
  for (const FlexibleSize &size : scan.together)
    text += (text.empty() ? "" : " and ") + size.describe();
  return text + (scan.together.size() > 1 ? " together" : "");
}

static std::string describeRange(const SizeScan &scan) {
  const FlexibleSize &size = scan.together.front();
  std::string text = std::to_string(size.lower);
  text += size.upper < 0 ? " and more" : " to " + std::to_string(size.upper);
  if (!scan.isComplete)
    text += ", " + std::to_string(scan.tried.size()) + " sizes tried";
  return text;
}

/// What came of trying one shape, or several sizes.
template <typename T> static llvm::StringRef getVerdict(const T &tried) {
  if (tried.problem.empty())
    return "works";
  return tried.isLimit ? "too large" : "fails";
}

static void printText(const ShapeRangeReport &report) {
  llvm::raw_ostream &os = llvm::outs();
  if (report.shapes.empty())
    os << "no input has a flexible shape\n";
  for (const TriedShape &tried : report.shapes) {
    os << tried.shape << ": " << getVerdict(tried) << '\n';
    if (!tried.problem.empty())
      os << "  " << tried.problem << '\n';
  }
  for (const SizeScan &scan : report.scans) {
    os << describe(scan) << " (" << describeRange(scan) << ")\n";
    if (!scan.working.empty())
      os << "  works: " << describeSizes(scan.working) << '\n';
    for (const FailingSizes &failing : scan.failing)
      os << "  " << getVerdict(failing) << ": " << describeSizes(failing.sizes)
         << "\n    at " << failing.sizes.front() << ": " << failing.problem
         << '\n';
  }
}

static void printJson(const ShapeRangeReport &report) {
  json::Array shapes, scans;
  for (const TriedShape &tried : report.shapes)
    shapes.push_back(json::Object{{"shape", json::fixUTF8(tried.shape)},
                                  {"verdict", getVerdict(tried)},
                                  {"problem", json::fixUTF8(tried.problem)}});
  for (const SizeScan &scan : report.scans) {
    json::Array failing;
    for (const FailingSizes &sizes : scan.failing)
      failing.push_back(
          json::Object{{"sizes", json::Array(sizes.sizes)},
                       {"verdict", getVerdict(sizes)},
                       {"problem", json::fixUTF8(sizes.problem)}});
    scans.push_back(json::Object{{"size", json::fixUTF8(describe(scan))},
                                 {"lower", scan.together.front().lower},
                                 {"upper", scan.together.front().upper},
                                 {"isComplete", scan.isComplete},
                                 {"works", json::Array(scan.working)},
                                 {"fails", std::move(failing)}});
  }
  json::Object object{{"schema", 1},
                      {"shapes", std::move(shapes)},
                      {"scans", std::move(scans)}};
  llvm::outs() << llvm::formatv("{0:2}\n", json::Value(std::move(object)));
}

llvm::Expected<ExitCode> mlmodel::printDeclaredShapes(Model &model,
                                                      bool asJson) {
  auto top = llvm::cast<ModelOp>(model.getModule().getBody()->front());
  mlir::Operation *content = top.getContent();
  if (!llvm::isa<NetworkOp>(content))
    return makeError(ExitCode::Unsupported,
                     "shapes are checked of neural networks only, this is a " +
                         top.getContent().getModelField());
  ShapeRangeReport report = checkShapeRanges(top);
  if (asJson)
    printJson(report);
  else
    printText(report);
  return report.hasFailures() ? ExitCode::InvalidModel : ExitCode::Ok;
}
