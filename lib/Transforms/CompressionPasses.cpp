//===- CompressionPasses.cpp - Passes that change how weights are stored --===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/Passes.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlmodel {
#define GEN_PASS_DEF_QUANTIZEWEIGHTSPASS
#define GEN_PASS_DEF_PALETTIZEWEIGHTSPASS
#define GEN_PASS_DEF_SPARSIFYWEIGHTSPASS
#define GEN_PASS_DEF_DECOMPRESSWEIGHTSPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

static LogicalResult report(Operation *op, llvm::Error error) {
  ExitCode code;
  std::string message = takeMessage(std::move(error), code);
  return op->emitError(message);
}

static void emitRemark(const WeightReport &weight) {
  InFlightDiagnostic remark = weight.op->emitRemark("layer '")
                              << weight.layer << "' (" << weight.kind
                              << "): " << weight.field << ": "
                              << weight.scheme.describe() << ", ";
  // The scheme tells the width only where it was given.
  if (!StringRef(weight.scheme.describe()).ends_with(" bits"))
    remark << weight.bits << " bits, ";
  remark << weight.bytesBefore << " to " << weight.bytesAfter << " bytes, ";
  if (weight.error.changed == 0)
    remark << "no error";
  else
    remark << llvm::formatv("SNR {0:F1} dB", weight.error.snrDb).str();
  if (weight.scheme.pruning)
    remark << llvm::formatv(", {0:P1} zeros", weight.getSparsity()).str()
           << ", stored as values because the format has no sparse weights";
}

static void emitRemarks(ModelOp model, const CompressionReport &report) {
  for (const WeightReport &weight : report.weights)
    emitRemark(weight);
  for (const SkippedWeight &weight : report.skipped)
    model.emitRemark("layer '")
        << weight.layer << "' (" << weight.kind << "): " << weight.field
        << " stays: " << weight.reason;
}

/// One of \p allowed by its name, which the option `mode` has.
static FailureOr<StringRef> checkMode(ModuleOp module, StringRef mode,
                                      ArrayRef<StringRef> allowed) {
  if (llvm::is_contained(allowed, mode))
    return mode;
  InFlightDiagnostic error = module.emitError("mode is '")
                             << mode << "', expected ";
  llvm::interleave(allowed, error, " or ");
  return failure();
}

namespace {
/// What the passes that choose weights have in common.
template <typename BaseT> struct CompressionPass : BaseT {
  using BaseT::BaseT;

protected:
  /// Compresses all models by \p spec, where the file `config` says nothing
  /// else.
  LogicalResult compress(const SchemeSpec &spec) {
    ModuleOp module = this->getOperation();
    llvm::Expected<CompressionOptions> options = makeOptions(spec);
    if (!options)
      return report(module, options.takeError());
    for (ModelOp model : module.template getOps<ModelOp>()) {
      llvm::Expected<CompressionReport> result =
          compressWeights(model, *options, this->threads);
      if (!result)
        return report(model, result.takeError());
      if (this->remarks)
        emitRemarks(model, *result);
    }
    return success();
  }

private:
  llvm::Expected<CompressionOptions> makeOptions(const SchemeSpec &spec) {
    CompressionOptions options;
    if (llvm::Error error = spec.resolve().moveInto(options.scheme))
      return std::move(error);
    options.minElements = this->minElements;
    options.vectors = this->vectors;
    options.skip.assign(this->skip.begin(), this->skip.end());
    if (!this->config.empty())
      if (llvm::Error error = readCompressionConfig(this->config, options))
        return std::move(error);
    return options;
  }
};

struct QuantizeWeightsPass
    : CompressionPass<
          mlmodel::impl::QuantizeWeightsPassBase<QuantizeWeightsPass>> {
  using CompressionPass::CompressionPass;

  void runOnOperation() override {
    SchemeSpec spec;
    spec.quantize = mode == "float16" ? 16u : unsigned(bits);
    spec.symmetric = mode == "linear-symmetric";
    spec.int8Dynamic = mode == "int8-dynamic";
    spec.perTensor = perTensor;
    spec.keepZeros = keepZeros;
    if (failed(checkMode(
            getOperation(), mode,
            {"linear", "linear-symmetric", "float16", "int8-dynamic"})) ||
        failed(compress(spec)))
      signalPassFailure();
  }
};

struct PalettizeWeightsPass
    : CompressionPass<
          mlmodel::impl::PalettizeWeightsPassBase<PalettizeWeightsPass>> {
  using CompressionPass::CompressionPass;

  void runOnOperation() override {
    SchemeSpec spec;
    spec.palettize = bits;
    spec.mode = mode;
    spec.table = table;
    spec.keepZeros = keepZeros;
    if (failed(compress(spec)))
      signalPassFailure();
  }
};

struct SparsifyWeightsPass
    : CompressionPass<
          mlmodel::impl::SparsifyWeightsPassBase<SparsifyWeightsPass>> {
  using CompressionPass::CompressionPass;

  void runOnOperation() override {
    SchemeSpec spec;
    if (mode == "magnitude" || mode == "block")
      spec.sparsify = sparsity;
    if (mode == "block")
      spec.block = block;
    if (mode == "threshold")
      spec.threshold = threshold;
    if (mode == "n-m")
      spec.nOfM = ratio;
    spec.along = along;
    if (failed(checkMode(getOperation(), mode,
                         {"magnitude", "threshold", "n-m", "block"})) ||
        failed(compress(spec)))
      signalPassFailure();
  }
};

struct DecompressWeightsPass
    : mlmodel::impl::DecompressWeightsPassBase<DecompressWeightsPass> {
  using DecompressWeightsPassBase::DecompressWeightsPassBase;

  void runOnOperation() override {
    for (ModelOp model : getOperation().getOps<ModelOp>()) {
      llvm::Expected<size_t> count = decompressWeights(model);
      if (!count) {
        (void)report(model, count.takeError());
        return signalPassFailure();
      }
    }
  }
};
} // namespace
