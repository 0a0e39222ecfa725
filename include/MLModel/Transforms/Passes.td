//===- Passes.td - Transformations of models ---------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_PASSES_TD
#define MLMODEL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def InferShapesPass : Pass<"mlmodel-infer-shapes", "::mlir::ModuleOp"> {
  let summary = "infer the shapes of all blobs of a model";
  let description = [{
    Gives every network input the shape that the model's description declares,
    by the network's shape mappings, and runs each layer's shape rule in order.

    ```mlir
    %y = mlmodel.softmax <"s" -> "y"> (%x) : (tensor<1x1x10x1x1xf32>) -> tensor<*xf32>
    // becomes
    %y = mlmodel.softmax <"s" -> "y"> (%x) : (tensor<1x1x10x1x1xf32>) -> tensor<1x1x10x1x1xf32>
    ```
  }];
  let options = [
    ListOption<"inputShapes", "input-shapes", "std::string",
               "Shapes to use instead of the declared ones, as name=1x3x8x8">
  ];
}

def LegalizeCustomLayersPass
    : Pass<"mlmodel-legalize-custom-layers", "::mlir::ModuleOp"> {
  let summary = "replace custom layers by what rules know of them";
  let description = [{
    A rule is a function of layers for some classes of custom layers: its body
    takes the layer's place. docs/CustomLayers.md has the language and the rules
    that come with the project; a class in a file of `rules` hides those. Layers
    of other classes stay; a layer that no rule of its class fits is an error.
    The result needs no custom layers: it can be written as a `.mlmodel` again.

    ```mlir
    %y = mlmodel.custom <"m" -> "y"> (%x) {className = "Mish"} : (tensor<*xf32>) -> tensor<*xf32>
    // becomes
    %0 = mlmodel.activation <"m/softplus" -> "m/softplus"> (%x) {softplus = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %1 = mlmodel.activation <"m/gate" -> "m/gate"> (%0) {tanh = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %y = mlmodel.multiply <"m/product" -> "y"> (%x, %1) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    ```
  }];
  let options = [
    ListOption<"rules", "rules", "std::string", "Files of rules">,
    Option<"builtin", "builtin", "bool", "true",
           "Also use the rules that come with the project">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlmodel::MLModelDialect"];
}

def SimplifyControlFlowPass
    : Pass<"mlmodel-simplify-control-flow", "::mlir::ModuleOp"> {
  let summary = "fold branches and loops that need not be ones";
  let description = [{
    - A branch whose condition is constant becomes the body that it takes.
    - A loop without a condition that runs at most `unroll` rounds becomes its
      body, as often as it runs.
    - Layers of such a loop's body that read nothing of the loop move in front
      of it, but for those that draw random numbers.

    Bodies with jumps stay. In the outermost network every blob is written once;
    where bodies come there that write a blob again, the earlier one gets a new
    name, and a body stays where it is if that cannot be done.

    ```mlir
    %c = mlmodel.fill_static <"c" -> "c">() {value = 1.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %y = mlmodel.branch <"b">(%c) {carried = ["y"]} : (tensor<*xf32>) -> tensor<*xf32> {
      %a = mlmodel.unary <"a" -> "y">(%x) {kind = "EXP"} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %a : tensor<*xf32>
    } else { ... }
    // becomes
    %y = mlmodel.unary <"a" -> "y">(%x) {kind = "EXP"} : (tensor<*xf32>) -> tensor<*xf32>
    ```
  }];
  let options = [
    Option<"unroll", "unroll", "int64_t", "4",
           "Loops of more rounds stay as they are">
  ];
}

// Options of all passes that choose weights. `skip` matches anywhere in a name.
class MLModel_SelectionOptions {
  list<Option> all = [
    Option<"minElements", "min-elements", "int64_t", "1024",
           "Weights with fewer values stay as they are">,
    Option<"vectors", "vectors", "bool", "false",
           "Also biases, statistics and constants">,
    ListOption<"skip", "skip", "std::string",
               "Regular expressions of layer names to leave out">,
    Option<"threads", "threads", "unsigned", "0",
           "Weights to work on at a time; 0: one per core">,
    Option<"config", "config", "std::string", "\"\"",
           "YAML file with what holds for some layers or types instead">,
    Option<"remarks", "remarks", "bool", "false",
           "Report size and error of each weight as a remark">
  ];
}

def QuantizeWeightsPass : Pass<"mlmodel-quantize-weights", "::mlir::ModuleOp"> {
  let summary = "store weights as integers with a scale and a bias";
  let description = [{
    Stores each weight w as an integer q of `bits` bits with w = scale * q + bias
    and one scale and bias per output channel:

    - `linear`: bias = min, scale = (max - min) / (2^bits - 1)
    - `linear-symmetric`: scale = max|w| / (2^(bits-1) - 1),
      bias = -2^(bits-1) * scale
    - `float16`: no integers but IEEE halves
    - `int8-dynamic`: signed bytes with one scale, and `int8DynamicQuantize` set,
      for `innerProduct` and `batchedMatmul` without a bias

    Biases and other vectors, weights of fewer than `min-elements` values and
    updatable weights stay as they are. NaN and infinity are refused. The
    specification version becomes at least 3; 2 for halves, 5 for signed bytes.

    ```mlir
    weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0]> : tensor<4xf32>>
    // with bits=2 min-elements=1, for one output channel
    weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<1xui8>,
        #mlmodel.linear<bits = 2, scale = [1.0], bias = [0.0]>>
    ```
  }];
  let options = !listconcat([
    Option<"bits", "bits", "unsigned", "8", "Width of a value, 1 to 8">,
    Option<"mode", "mode", "std::string", "\"linear\"",
           "linear, linear-symmetric, float16 or int8-dynamic">,
    Option<"perTensor", "per-tensor", "bool", "false",
           "One scale for the whole weight instead of one per channel">,
    Option<"keepZeros", "keep-zeros", "bool", "false",
           "Weights of 0 decode to exactly 0">
  ], MLModel_SelectionOptions<>.all);
}

def PalettizeWeightsPass
    : Pass<"mlmodel-palettize-weights", "::mlir::ModuleOp"> {
  let summary = "store weights as indices into a table";
  let description = [{
    Stores each weight as an index of `bits` bits into a table of 2^bits values,
    one table per weight:

    - `kmeans`: the table of least squared error, as a proven global optimum
    - `uniform`: even steps from the least to the greatest value
    - `unique`: the values themselves, without loss; weights with more distinct
      values stay as they are. `bits=0` takes the least width for each weight.
    - `table`: the nearest of the numbers in the file `table`, which is .npy, or
      text with numbers between spaces, commas or line ends

    Selection is that of `mlmodel-quantize-weights`.

    ```mlir
    weights = #mlmodel.weights<dense<[0.0, 0.1, 1.9, 2.0, ...]> : tensor<64xf32>>
    // with bits=1 min-elements=1
    weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<8xui8>,
        #mlmodel.lut<bits = 1, table = [0.05, 1.95]>>
    ```
  }];
  let options = !listconcat([
    Option<"bits", "bits", "unsigned", "4", "Width of an index, 1 to 8">,
    Option<"mode", "mode", "std::string", "\"kmeans\"",
           "kmeans, uniform, unique or table">,
    Option<"table", "table", "std::string", "\"\"", "File of the table">,
    Option<"keepZeros", "keep-zeros", "bool", "false",
           "Weights of 0 decode to exactly 0">
  ], MLModel_SelectionOptions<>.all);
}

def SparsifyWeightsPass
    : Pass<"mlmodel-sparsify-weights", "::mlir::ModuleOp"> {
  let summary = "make small weights zero";
  let description = [{
    - `magnitude`: the fraction `sparsity` of each weight with the least
      magnitudes
    - `threshold`: magnitudes up to `threshold`
    - `n-m`: the n least of each run of m, as `ratio=2:4`
    - `block`: whole runs of `block` values, the fraction `sparsity` with the
      least norms

    Runs go along the input channels for `n-m` and along the output channels for
    `block`, unless `along` says `inputs` or `outputs`; a weight with fewer than
    two runs stays. The values stay what they are, float32 or float16: a
    NeuralNetwork file has no sparse weights. A pass that quantizes or palettizes
    afterwards with `keep-zeros` leaves the zeros exact, and
    `mil-encode-sparse-weights` gives them an encoding without zeros. Selection
    is that of `mlmodel-quantize-weights`.

    ```mlir
    weights = #mlmodel.weights<dense<[0.1, -2.0, 0.2, 3.0]> : tensor<4xf32>>
    // with sparsity=0.5 min-elements=1
    weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<4xf32>>
    // [0.0, -2.0, 0.0, 3.0]
    ```
  }];
  let options = !listconcat([
    Option<"mode", "mode", "std::string", "\"magnitude\"",
           "magnitude, threshold, n-m or block">,
    Option<"sparsity", "sparsity", "double", "0.5",
           "Of magnitude and block: the fraction that becomes zero">,
    Option<"threshold", "threshold", "double", "0",
           "Of threshold: the greatest magnitude that becomes zero">,
    Option<"ratio", "ratio", "std::string", "\"2:4\"",
           "Of n-m: how many of how many become zero">,
    Option<"block", "block", "unsigned", "4", "Of block: values in a run">,
    Option<"along", "along", "std::string", "\"\"",
           "Of n-m and block: inputs or outputs">
  ], MLModel_SelectionOptions<>.all);
}

def PalettizeGroupsPass : Pass<"mil-palettize-groups", "::mlir::ModuleOp"> {
  let summary = "palettes of mil for groups of channels";
  let description = [{
    Every float32 constant of rank 2 or more becomes a
    `mil.constexpr_lut_to_dense` with one table of 2^bits values for each group
    of `group-size` consecutive channels along `axis`. Each table is the one of
    least squared error for its group, as in `mlmodel-palettize-weights`; a
    NeuralNetwork file has one table per weight and cannot hold these. Constants
    whose channels do not divide into groups stay, with a remark; NaN and
    infinity are refused.

    ```mlir
    %w = mil.const dense<[[0.0, 1.0], [5.0, 9.0]]> : tensor<2x2xf32>
    // becomes, with bits=1 group-size=1 min-elements=1
    %w = mil.constexpr_lut_to_dense {bits = 1 : i64,
        data = dense_resource<palette> : tensor<1xui8>,
        lut = dense<[[0.0, 1.0], [5.0, 9.0]]> : tensor<2x2xf32>} : tensor<2x2xf32>
    ```
  }];
  let options = [
    Option<"bits", "bits", "unsigned", "4", "Width of an index, 1 to 8">,
    Option<"groupSize", "group-size", "int64_t", "32",
           "Channels that share a table">,
    Option<"axis", "axis", "int64_t", "0", "The axis of the channels">,
    Option<"minElements", "min-elements", "int64_t", "1024",
           "Constants with fewer values stay as they are">
  ];
  let dependentDialects = ["::mlmodel::mil::MILDialect"];
}

def EncodeSparseWeightsPass
    : Pass<"mil-encode-sparse-weights", "::mlir::ModuleOp"> {
  let summary = "store weights of mil without their zeros";
  let description = [{
    Weights of which at least the fraction `min-sparsity` is exactly 0 keep the
    other values only, and a mask that tells where they are: float32 and float16
    constants become `mil.constexpr_sparse_to_dense`, palettes and linear weights
    get a `mask`. Nothing changes in value, so that pruned weights of any origin
    are found, also in files.

    ```mlir
    %w = mil.const dense<[0.0, 5.0, 0.0, 6.0]> : tensor<4xf32>
    // becomes, with min-elements=1
    %w = mil.constexpr_sparse_to_dense {
        data = dense_resource<sparse> : tensor<2xf32>,
        mask = dense_resource<mask> : tensor<1xui8>} : tensor<4xf32>
    ```
  }];
  let options = [
    Option<"minSparsity", "min-sparsity", "double", "0.5",
           "The least fraction of zeros">,
    Option<"minElements", "min-elements", "int64_t", "1024",
           "Weights with fewer values stay as they are">
  ];
  let dependentDialects = ["::mlmodel::mil::MILDialect"];
}

def FuseBatchnormPass : Pass<"mlmodel-fuse-batchnorm", "::mlir::ModuleOp"> {
  let summary = "take batchnorm, scale and bias layers into the weights before";
  let description = [{
    A `batchnorm` with stored moments, a `scale` or a `bias` that follows a
    `convolution` or an `innerProduct` becomes part of its weights and bias, and a
    `scale` or `bias` that follows a `batchnorm` part of its gamma and beta; so do
    chains of them. The sums are those of the format's formulas in float64,
    rounded once to float32:

    - per output channel, y = a * x + b turns weights w into a * w and the bias c
      into a * c + b
    - of a batchnorm, a = gamma / sqrt(variance + epsilon), b = beta - a * mean

    A pair stays as it is, with a remark that says why, where the blob between
    has other users or is an output of the network, is read by a body, or is
    written twice; where the batchnorm computes its moments; where weights are
    inputs, updatable or quantized; and where a scale or bias is not one number
    for each channel. Custom layers and layers of other kinds never change.

    ```mlir
    %a = mlmodel.inner_product <"fc" -> "a"> (%x) {..., weights = [1.0, 2.0]}
    %y = mlmodel.scale <"s" -> "y"> (%a) {shapeScale = array<i64: 1>, scale = [3.0]}
    // becomes
    %y = mlmodel.inner_product <"fc" -> "y"> (%x) {..., weights = [3.0, 6.0]}
    ```
  }];
}

def DecompressWeightsPass
    : Pass<"mlmodel-decompress-weights", "::mlir::ModuleOp"> {
  let summary = "turn all weights back into float32";
  let description = [{
    Decodes quantized, palettized and float16 weights. The values are those that
    a reader of the file computes, so predictions do not change.

    ```mlir
    weights = #mlmodel.weights<dense<27> : tensor<1xui8>,
        #mlmodel.linear<bits = 2, scale = [1.0], bias = [0.0]>>
    // becomes
    weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<4xf32>>
    ```
  }];
}

#endif // MLMODEL_TRANSFORMS_PASSES_TD
