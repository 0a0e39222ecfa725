//===- OneDNN.cpp - Convolutions and products by oneDNN -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled with exceptions, which oneDNN's C++ interface reports errors by.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

using namespace mlmodel::bench;
using dnnl::memory;

namespace {
/// Everything of a primitive that is not its kind.
class DNNProgram : public Program {
public:
  DNNProgram(const Problem &problem, const Weights &weights,
             const std::vector<float> &values)
      : engine(dnnl::engine::kind::cpu, 0), stream(engine) {
    if (problem.isConvolution())
      prepareConvolution(problem);
    else
      prepareProduct(problem);
    load(inputPlain, values, input);
    load(weightsPlain, weights.values, weightsOwn);
    arguments = {{DNNL_ARG_SRC, input},
                 {DNNL_ARG_WEIGHTS, weightsOwn},
                 {DNNL_ARG_DST, result}};
  }

  void run() override {
    primitive.execute(stream, arguments);
    stream.wait();
  }

  std::vector<float> getResult() override {
    std::vector<float> values(resultPlain.get_size() / sizeof(float));
    memory plain(resultPlain, engine, values.data());
    dnnl::reorder(result, plain).execute(stream, result, plain);
    stream.wait();
    return values;
  }

private:
  using Tag = memory::format_tag;

  static memory::desc describe(const memory::dims &shape, Tag tag) {
    return {shape, memory::data_type::f32, tag};
  }
  static memory::desc describeAny(const memory::desc &plain) {
    return {plain.dims(), memory::data_type::f32, Tag::any};
  }

  void prepareConvolution(const Problem &problem) {
    inputPlain = describe(problem.getInputShape(), Tag::nchw);
    resultPlain = describe(problem.getResultShape(), Tag::nchw);
    memory::dims shape = problem.getWeightShape();
    weightsPlain = describe(shape, Tag::oihw);
    if (problem.groups != 1) {
      shape[0] /= problem.groups;
      shape.insert(shape.begin(), problem.groups);
      weightsPlain = describe(shape, Tag::goihw);
    }
    memory::dims strides = {1, 1};
    memory::dims border(2, problem.kernel / 2);
    dnnl::convolution_forward::desc wanted(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_auto,
        describeAny(inputPlain), describeAny(weightsPlain),
        describeAny(resultPlain), strides, border, border);
    dnnl::convolution_forward::primitive_desc chosen(wanted, engine);
    primitive = dnnl::convolution_forward(chosen);
    allocate(chosen.src_desc(), chosen.weights_desc(), chosen.dst_desc());
  }

  void prepareProduct(const Problem &problem) {
    inputPlain = describe(problem.getInputShape(), Tag::ab);
    resultPlain = describe(problem.getResultShape(), Tag::ab);
    weightsPlain = describe(problem.getWeightShape(), Tag::ab);
    dnnl::inner_product_forward::desc wanted(
        dnnl::prop_kind::forward_inference, describeAny(inputPlain),
        describeAny(weightsPlain), describeAny(resultPlain));
    dnnl::inner_product_forward::primitive_desc chosen(wanted, engine);
    primitive = dnnl::inner_product_forward(chosen);
    allocate(chosen.src_desc(), chosen.weights_desc(), chosen.dst_desc());
  }

  void allocate(const memory::desc &src, const memory::desc &weights,
                const memory::desc &dst) {
    input = memory(src, engine);
    weightsOwn = memory(weights, engine);
    result = memory(dst, engine);
  }

  void load(const memory::desc &description, std::vector<float> values,
            memory &target) {
    memory plain(description, engine, values.data());
    dnnl::reorder(plain, target).execute(stream, plain, target);
    stream.wait();
  }

  dnnl::engine engine;
  dnnl::stream stream;
  memory::desc inputPlain, weightsPlain, resultPlain;
  memory input, weightsOwn, result;
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
};
} // namespace

MadeProgram mlmodel::bench::makeOneDNN(const Problem &problem,
                                       const Weights &weights,
                                       const std::vector<float> &input) {
  omp_set_num_threads(1);
  try {
    return std::make_unique<DNNProgram>(problem, weights, input);
  } catch (const dnnl::error &error) {
    return llvm::createStringError(problem.name + ": oneDNN: " + error.what());
  }
}
