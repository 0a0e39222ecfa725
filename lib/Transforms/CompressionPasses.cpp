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
#define GEN_PASS_DEF_DECOMPRESSWEIGHTSPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

static LogicalResult report(ModelOp model, llvm::Error error) {
  ExitCode code;
  std::string message = takeMessage(std::move(error), code);
  return model.emitError(message);
}

static void emitRemark(const WeightReport &weight) {
  InFlightDiagnostic remark =
      weight.op->emitRemark("layer '")
      << weight.layer << "' (" << weight.kind << "): " << weight.field << ": "
      << getMethodName(weight.method) << ", " << weight.bits << " bits, "
      << weight.bytesBefore << " to " << weight.bytesAfter << " bytes, ";
  if (weight.error.changed == 0)
    remark << "no error";
  else
    remark << llvm::formatv("SNR {0:F1} dB", weight.error.snrDb).str();
}

static void emitRemarks(ModelOp model, const CompressionReport &report) {
  for (const WeightReport &weight : report.weights)
    emitRemark(weight);
  for (const SkippedWeight &weight : report.skipped)
    model.emitRemark("layer '")
        << weight.layer << "' (" << weight.kind << "): " << weight.field
        << " stays: " << weight.reason;
}

/// The method named \p mode, if it is one of \p allowed.
static FailureOr<CompressionMethod>
getMethod(ModuleOp module, StringRef mode,
          ArrayRef<CompressionMethod> allowed) {
  std::optional<CompressionMethod> method = parseMethod(mode);
  if (method && llvm::is_contained(allowed, *method))
    return *method;
  InFlightDiagnostic error = module.emitError("mode is '")
                             << mode << "', expected ";
  llvm::interleave(
      allowed, [&](CompressionMethod m) { error << getMethodName(m); },
      [&] { error << " or "; });
  return failure();
}

namespace {
/// What the passes that choose weights have in common.
template <typename BaseT> struct CompressionPass : BaseT {
  using BaseT::BaseT;

protected:
  LogicalResult compress(CompressionOptions options) {
    options.minElements = this->minElements;
    options.vectors = this->vectors;
    options.skip.assign(this->skip.begin(), this->skip.end());
    options.threads = this->threads;
    for (ModelOp model : this->getOperation().template getOps<ModelOp>()) {
      llvm::Expected<CompressionReport> result =
          compressWeights(model, options);
      if (!result)
        return report(model, result.takeError());
      if (this->remarks)
        emitRemarks(model, *result);
    }
    return success();
  }
};

struct QuantizeWeightsPass
    : CompressionPass<
          mlmodel::impl::QuantizeWeightsPassBase<QuantizeWeightsPass>> {
  using CompressionPass::CompressionPass;

  void runOnOperation() override {
    FailureOr<CompressionMethod> method = getMethod(
        getOperation(), mode,
        {CompressionMethod::Linear, CompressionMethod::LinearSymmetric});
    CompressionOptions options;
    options.bits = bits;
    options.perTensor = perTensor;
    if (succeeded(method))
      options.method = *method;
    if (failed(method) || failed(compress(options)))
      signalPassFailure();
  }
};

struct PalettizeWeightsPass
    : CompressionPass<
          mlmodel::impl::PalettizeWeightsPassBase<PalettizeWeightsPass>> {
  using CompressionPass::CompressionPass;

  void runOnOperation() override {
    FailureOr<CompressionMethod> method =
        getMethod(getOperation(), mode,
                  {CompressionMethod::KMeans, CompressionMethod::Uniform,
                   CompressionMethod::Unique});
    CompressionOptions options;
    options.bits = bits;
    if (succeeded(method))
      options.method = *method;
    if (failed(method) || failed(compress(options)))
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
