//===- LinearAlgebra.cpp - Rewrites of the chapter LinearAlgebra to mil ---===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/LinearAlgebraOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

//===----------------------------------------------------------------------===//
// Products with a matrix of weights
//===----------------------------------------------------------------------===//

/// The bias, if there is one.
template <typename LayerT>
static OptionalValue getBias(LayerT op, LayerRewriter &b, int64_t outputs) {
  if (!op.getHasBias())
    return {};
  return {b.weights(op.getBiasAttr(), outputs)};
}

struct ConvertInnerProduct : LayerPattern<InnerProductOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(InnerProductOp op, LayerRewriter &b) const override {
    int64_t inputs = op.getInputChannels(), outputs = op.getOutputChannels();
    SmallVector<int64_t> shape(b.getInputShape(0));
    if (shape.size() >= 4) {
      // Channels, height and width are one vector.
      shape.truncate(shape.size() - 3);
      shape.push_back(inputs);
    }
    Value x = b.reshape(b.getInput(0), shape);
    Value matrix = b.weights(op.getWeightsAttr(), {outputs, inputs});
    return b.replaceReshaped(
        b.create<mil::LinearOp>(x, matrix, getBias(op, b, outputs)));
  }
};

struct ConvertBatchedMatmul : LayerPattern<BatchedMatmulOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(BatchedMatmulOp op, LayerRewriter &b) const override {
    if (b.getNumInputs() == 2)
      return b.replace(
          b.create<mil::MatmulOp>(getMatrices(b, 0), getMatrices(b, 1),
                                  op.getTransposeA(), op.getTransposeB()));
    // The file holds the matrix transposed, as mil.linear wants it; the
    // transpose flags speak of two inputs and do not touch constants.
    int64_t inputs = op.getWeightMatrixFirstDimension(),
            outputs = op.getWeightMatrixSecondDimension();
    Value matrix = b.weights(op.getWeightsAttr(), {outputs, inputs});
    return b.replace(b.create<mil::LinearOp>(b.getInput(0), matrix,
                                             getBias(op, b, outputs)));
  }

private:
  /// A vector on the left is a row, on the right a column.
  static Value getMatrices(LayerRewriter &b, size_t i) {
    ArrayRef<int64_t> shape = b.getInputShape(i);
    if (shape.size() > 1)
      return b.getInput(i);
    if (i == 0)
      return b.reshape(b.getInput(i), {1, shape[0]});
    return b.reshape(b.getInput(i), {shape[0], 1});
  }
};

//===----------------------------------------------------------------------===//
// Embeddings
//===----------------------------------------------------------------------===//

/// Looks up columns of the weights, which are [outputs, inputs].
template <typename LayerT>
static LogicalResult embed(LayerT op, LayerRewriter &b, int64_t outputs,
                           int64_t inputs) {
  Value table = b.weights(op.getWeightsAttr(), {outputs, inputs});
  int64_t count = 1;
  for (int64_t size : b.getInputShape(0))
    count *= size;
  Value indices = b.reshape(b.getInput(0), count);
  Value columns =
      b.create<mil::GatherOp>(table, indices, int64_t(1), int64_t(0));
  Value result = b.transpose(columns, {1, 0});
  if (op.getHasBias())
    result = b.create<mil::AddOp>(result, b.weights(op.getBiasAttr(), outputs));
  return b.replaceReshaped(result);
}

struct ConvertEmbedding : LayerPattern<EmbeddingOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(EmbeddingOp op, LayerRewriter &b) const override {
    return embed(op, b, op.getOutputChannels(), op.getInputDim());
  }
};

struct ConvertEmbeddingND : LayerPattern<EmbeddingNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(EmbeddingNDOp op, LayerRewriter &b) const override {
    return embed(op, b, op.getEmbeddingSize(), op.getVocabSize());
  }
};

//===----------------------------------------------------------------------===//
// Dot product
//===----------------------------------------------------------------------===//

struct ConvertDot : LayerPattern<DotOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(DotOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> channels{-3};
    Value x = b.getInput(0), y = b.getInput(1);
    Value result =
        b.create<mil::ReduceSumOp>(b.create<mil::MulOp>(x, y), channels, true);
    if (!op.getCosineSimilarity())
      return b.replace(result);
    Value norms =
        b.create<mil::MulOp>(b.create<mil::ReduceL2NormOp>(x, channels, true),
                             b.create<mil::ReduceL2NormOp>(y, channels, true));
    return b.replace(b.create<mil::RealDivOp>(result, norms));
  }
};

//===----------------------------------------------------------------------===//
// Bands of matrices
//===----------------------------------------------------------------------===//

struct ConvertMatrixBandPart : LayerPattern<MatrixBandPartOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(MatrixBandPartOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::BandPartOp>(b.getInput(0), op.getNumLower(),
                                               op.getNumUpper()));
  }
};

/// A triangle that ends at diagonal \p k, counted away from the kept corner.
/// A negative k leaves out the main diagonal, which no band can say: what a
/// band on the other side keeps is set to zero then.
static LogicalResult keepTriangle(LayerRewriter &b, int64_t k, bool lower) {
  auto band = [&](Value x, bool isLower, int64_t width) {
    int64_t all = -1;
    return b.create<mil::BandPartOp>(x, isLower ? all : width,
                                     isLower ? width : all);
  };
  if (k >= 0)
    return b.replace(band(b.getInput(0), lower, k));
  ArrayRef<int64_t> shape = b.getInputShape(0).take_back(2);
  int64_t width = -(k + 1);
  Value ones = b.create<mil::BroadcastToOp>(b.scalar(1), shape);
  Value dropped = band(ones, !lower, width);
  return b.replace(
      b.create<mil::SelectOp>(dropped, b.scalar(0), b.getInput(0)));
}

struct ConvertLowerTriangular : LayerPattern<LowerTriangularOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(LowerTriangularOp op, LayerRewriter &b) const override {
    return keepTriangle(b, op.getK(), /*lower=*/true);
  }
};

struct ConvertUpperTriangular : LayerPattern<UpperTriangularOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(UpperTriangularOp op, LayerRewriter &b) const override {
    // k counts upwards from the main diagonal, so down from the corner.
    int64_t k = op.getK();
    int64_t least = std::numeric_limits<int64_t>::min();
    return keepTriangle(b,
                        k == least ? std::numeric_limits<int64_t>::max() : -k,
                        /*lower=*/false);
  }
};
} // namespace

void mlmodel::populateLinearAlgebraPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertInnerProduct, ConvertBatchedMatmul, ConvertEmbedding,
               ConvertEmbeddingND, ConvertDot, ConvertMatrixBandPart,
               ConvertLowerTriangular, ConvertUpperTriangular>(
      patterns.getContext());
}
