#!/usr/bin/python3
# Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains the digit classifier of the demo and writes it as a Core ML model.

    apt-get install python3-numpy python3-sklearn python3-protobuf protobuf-compiler
    python3 examples/digits/train.py

The data is scikit-learn's bundled set of 1797 handwritten digits. Everything
else is numpy: a small convolutional network, its gradients and Adam. Written
next to this file (or to --output-dir):

    digits.mlmodel     the trained network, a NeuralNetworkClassifier
    test/images.npy    the held-back images, uint8 N x 8 x 8, 0 is background
    test/labels.npy    what they show, uint8 N
    test/digit-D.png   the first held-back image of each digit D
    reference.npy      class probabilities of the held-back images, float32 N x 10

The reference is computed from the bytes of digits.mlmodel by a second, plain
float64 evaluator (`evaluate` below), not by the training code; the script fails
unless both agree.
"""
import argparse
import importlib
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
HELD_BACK = 360  # the last images of the set: 20 %
SEED = 1998
EPOCHS = 15
BATCH = 32
LEARNING_RATE = 2e-3
PIXEL_SCALE = np.float32(1 / 255)
LABELS = [str(digit) for digit in range(10)]


# ---------------------------------------------------------------------------
# Data


def load_data():
    """All images as bytes with the pixel range 0..255, and their labels."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * 255 / 16).astype(np.uint8)
    return images, digits.target.astype(np.uint8)


def to_input(images):
    """What the network sees: N x 1 x 8 x 8, scaled as the model's preprocessing does."""
    return images[:, None].astype(np.float32) * PIXEL_SCALE


def shift_randomly(images, rng):
    """Moves every image by -1, 0 or 1 pixel each way: more variety from few images."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    moved = np.empty_like(images)
    for i, (dy, dx) in enumerate(rng.integers(0, 3, (len(images), 2))):
        moved[i] = padded[i, dy : dy + 8, dx : dx + 8]
    return moved


# ---------------------------------------------------------------------------
# The network. Activations are N x C x H x W and weights are laid out as Core ML
# stores them, so what is trained is written as it stands.


class Layer:
    """One step of the network; `params` is what Adam updates, `grads` likewise ordered."""

    def __init__(self):
        self.params, self.grads = [], []


class Convolution(Layer):
    """3 x 3, stride 1, SAME padding. Weights: output channel, input channel, y, x."""

    def __init__(self, inputs, outputs, rng, bias=True):
        super().__init__()
        scale = np.sqrt(2 / (inputs * 9))
        self.weights = (rng.standard_normal((outputs, inputs, 3, 3)) * scale).astype(np.float32)
        self.bias = np.zeros(outputs, np.float32) if bias else None
        self.params = [self.weights] + ([self.bias] if bias else [])

    def forward(self, x, training):
        n, channels, height, width = x.shape
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
        self.columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, channels * 9)
        y = self.columns @ self.weights.reshape(len(self.weights), -1).T
        if self.bias is not None:
            y += self.bias
        return y.reshape(n, height, width, -1).transpose(0, 3, 1, 2)

    def backward(self, grad):
        n, outputs, height, width = grad.shape
        rows = np.ascontiguousarray(grad.transpose(0, 2, 3, 1)).reshape(-1, outputs)
        self.grads = [(rows.T @ self.columns).reshape(self.weights.shape)]
        if self.bias is not None:
            self.grads.append(rows.sum(0))
        columns = rows @ self.weights.reshape(outputs, -1)
        columns = columns.reshape(n, height, width, -1, 3, 3)
        padded = np.zeros((n, columns.shape[3], height + 2, width + 2), np.float32)
        for dy in range(3):
            for dx in range(3):
                window = columns[..., dy, dx].transpose(0, 3, 1, 2)
                padded[:, :, dy : dy + height, dx : dx + width] += window
        return padded[:, :, 1:-1, 1:-1]


class BatchNorm(Layer):
    """Normalizes per channel: by the batch in training, by running moments afterwards."""

    EPSILON = np.float32(1e-5)
    MOMENTUM = 0.9

    def __init__(self, channels):
        super().__init__()
        self.gamma = np.ones(channels, np.float32)
        self.beta = np.zeros(channels, np.float32)
        self.mean = np.zeros(channels, np.float32)
        self.variance = np.ones(channels, np.float32)
        self.params = [self.gamma, self.beta]

    def forward(self, x, training):
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
            self.mean += (1 - self.MOMENTUM) * (mean - self.mean)
            self.variance += (1 - self.MOMENTUM) * (variance - self.variance)
        self.factor = per_channel(1 / np.sqrt(variance + self.EPSILON))
        self.normal = (x - per_channel(mean)) * self.factor
        return self.normal * per_channel(self.gamma) + per_channel(self.beta)

    def backward(self, grad):
        self.grads = [(grad * self.normal).sum((0, 2, 3)), grad.sum((0, 2, 3))]
        grad = grad * per_channel(self.gamma)
        mean = grad.mean((0, 2, 3), keepdims=True)
        slope = (grad * self.normal).mean((0, 2, 3), keepdims=True)
        return (grad - mean - self.normal * slope) * self.factor


class ReLU(Layer):
    def forward(self, x, training):
        self.positive = x > 0
        return x * self.positive

    def backward(self, grad):
        return grad * self.positive


class MaxPool(Layer):
    """2 x 2, stride 2."""

    def forward(self, x, training):
        n, channels, height, width = x.shape
        blocks = x.reshape(n, channels, height // 2, 2, width // 2, 2)
        blocks = blocks.transpose(0, 1, 2, 4, 3, 5).reshape(n, channels, height // 2, width // 2, 4)
        self.winner = blocks.argmax(-1)[..., None]
        return np.take_along_axis(blocks, self.winner, -1)[..., 0]

    def backward(self, grad):
        n, channels, height, width = grad.shape
        blocks = np.zeros((n, channels, height, width, 4), np.float32)
        np.put_along_axis(blocks, self.winner, grad[..., None], -1)
        blocks = blocks.reshape(n, channels, height, width, 2, 2).transpose(0, 1, 2, 4, 3, 5)
        return blocks.reshape(n, channels, height * 2, width * 2)


class Flatten(Layer):
    """Channel first: the values of one channel stay together."""

    def forward(self, x, training):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad):
        return grad.reshape(self.shape)


class InnerProduct(Layer):
    """Weights: output, input."""

    def __init__(self, inputs, outputs, rng):
        super().__init__()
        scale = np.sqrt(1 / inputs)
        self.weights = (rng.standard_normal((outputs, inputs)) * scale).astype(np.float32)
        self.bias = np.zeros(outputs, np.float32)
        self.params = [self.weights, self.bias]

    def forward(self, x, training):
        self.x = x
        return x @ self.weights.T + self.bias

    def backward(self, grad):
        self.grads = [grad.T @ self.x, grad.sum(0)]
        return grad @ self.weights


def per_channel(values):
    return values.reshape(1, -1, 1, 1)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def make_network(rng):
    """The layers in order, each with its name in the model. The softmax follows."""
    return [
        ("conv1", Convolution(1, 32, rng)),
        ("relu1", ReLU()),
        ("conv2", Convolution(32, 64, rng)),
        ("relu2", ReLU()),
        ("pool2", MaxPool()),
        ("conv3", Convolution(64, 64, rng, bias=False)),
        ("norm3", BatchNorm(64)),
        ("relu3", ReLU()),
        ("pool3", MaxPool()),
        ("flat", Flatten()),
        ("scores", InnerProduct(256, 10, rng)),
    ]


def forward(network, x, training=False):
    for _, layer in network:
        x = layer.forward(x, training)
    return x


# ---------------------------------------------------------------------------
# Training


class Adam:
    def __init__(self, params):
        self.params, self.step = params, 0
        self.first = [np.zeros_like(p) for p in params]
        self.second = [np.zeros_like(p) for p in params]

    def update(self, grads, rate):
        self.step += 1
        rate *= np.sqrt(1 - 0.999**self.step) / (1 - 0.9**self.step)
        for p, g, m, v in zip(self.params, grads, self.first, self.second):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= (rate * m / (np.sqrt(v) + 1e-8)).astype(np.float32)


def train(images, labels, rng, epochs):
    network = make_network(rng)
    adam = Adam([p for _, layer in network for p in layer.params])
    steps = epochs * -(-len(images) // BATCH)
    for epoch in range(epochs):
        order, loss = rng.permutation(len(images)), 0.0
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            x = to_input(shift_randomly(images[batch], rng))
            probabilities = softmax(forward(network, x, training=True))
            right = np.arange(len(batch)), labels[batch]
            loss -= np.log(probabilities[right] + 1e-12).sum()
            grad = probabilities
            grad[right] -= 1
            grad /= len(batch)
            for _, layer in reversed(network):
                grad = layer.backward(grad)
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * adam.step / steps))
            adam.update([g for _, layer in network for g in layer.grads], rate)
        print(f"epoch {epoch + 1:2}/{epochs}: loss {loss / len(order):.4f}", flush=True)
    return network


def accuracy(probabilities, labels):
    return float((probabilities.argmax(1) == labels).mean())


# ---------------------------------------------------------------------------
# The Core ML model


def load_schema(proto_dir, build_dir):
    """The Python classes of the format's messages, generated from the .proto files."""
    files = sorted(f for f in os.listdir(proto_dir) if f.endswith(".proto"))
    subprocess.run(["protoc", f"--proto_path={proto_dir}", f"--python_out={build_dir}", *files],
                   check=True)
    sys.path.insert(0, build_dir)
    try:
        return tuple(importlib.import_module(name + "_pb2")
                     for name in ("Model", "FeatureTypes", "NeuralNetwork"))
    finally:
        sys.path.remove(build_dir)


def build_model(schema, network, test_accuracy):
    model_pb, features_pb, nn_pb = schema
    model = model_pb.Model(specificationVersion=1)

    description = model.description
    image = description.input.add(name="image", shortDescription="A handwritten digit, "
                                  "light on a dark ground")
    image.type.imageType.width = 8
    image.type.imageType.height = 8
    image.type.imageType.colorSpace = features_pb.ImageFeatureType.GRAYSCALE
    label = description.output.add(name="classLabel", shortDescription="The most likely digit")
    label.type.stringType.SetInParent()
    probability = description.output.add(name="classProbability",
                                         shortDescription="The probability of each digit")
    probability.type.dictionaryType.stringKeyType.SetInParent()
    description.predictedFeatureName = "classLabel"
    description.predictedProbabilitiesName = "classProbability"

    metadata = description.metadata
    metadata.shortDescription = "Recognizes a handwritten digit in an 8 x 8 grayscale image."
    metadata.versionString = "1.0"
    metadata.author = "The MLModel Project"
    metadata.license = (
        "Apache-2.0 WITH LLVM-exception. Trained on Optical Recognition of Handwritten Digits, "
        "E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, "
        "https://doi.org/10.24432/C50P49, CC BY 4.0."
    )
    metadata.userDefined["recipe"] = "examples/digits/train.py"
    metadata.userDefined["testAccuracy"] = f"{test_accuracy:.4f}"

    classifier = model.neuralNetworkClassifier
    classifier.stringClassLabels.vector.extend(LABELS)
    classifier.labelProbabilityLayerName = "probabilities"
    scaler = classifier.preprocessing.add(featureName="image").scaler
    scaler.channelScale = PIXEL_SCALE

    blob = "image"
    for name, layer in network:
        message = classifier.layers.add(name=name, input=[blob], output=[name])
        fill_layer(nn_pb, message, layer)
        blob = name
    message = classifier.layers.add(name="probabilities", input=[blob], output=["probabilities"])
    message.softmax.SetInParent()
    return model


def fill_layer(nn_pb, message, layer):
    if isinstance(layer, Convolution):
        params = message.convolution
        params.outputChannels, params.kernelChannels = layer.weights.shape[:2]
        params.nGroups = 1
        params.kernelSize.extend([3, 3])
        params.stride.extend([1, 1])
        params.dilationFactor.extend([1, 1])
        params.same.asymmetryMode = nn_pb.SamePadding.BOTTOM_RIGHT_HEAVY
        params.hasBias = layer.bias is not None
        params.weights.floatValue.extend(layer.weights.ravel())
        if layer.bias is not None:
            params.bias.floatValue.extend(layer.bias)
    elif isinstance(layer, BatchNorm):
        params = message.batchnorm
        params.channels = len(layer.gamma)
        params.epsilon = layer.EPSILON
        for name in ("gamma", "beta", "mean", "variance"):
            getattr(params, name).floatValue.extend(getattr(layer, name))
    elif isinstance(layer, ReLU):
        message.activation.ReLU.SetInParent()
    elif isinstance(layer, MaxPool):
        params = message.pooling
        params.type = nn_pb.PoolingLayerParams.MAX
        params.kernelSize.extend([2, 2])
        params.stride.extend([2, 2])
        for _ in range(2):
            params.valid.paddingAmounts.borderAmounts.add()
    elif isinstance(layer, Flatten):
        message.flatten.mode = nn_pb.FlattenLayerParams.CHANNEL_FIRST
    elif isinstance(layer, InnerProduct):
        params = message.innerProduct
        params.outputChannels, params.inputChannels = layer.weights.shape
        params.hasBias = True
        params.weights.floatValue.extend(layer.weights.ravel())
        params.bias.floatValue.extend(layer.bias)
    else:
        raise TypeError(layer)


# ---------------------------------------------------------------------------
# The reference: what a model file computes, straight from the format's definitions


def evaluate(model, images):
    """The class probabilities of a network made of the layers used here, in float64."""
    classifier = model.neuralNetworkClassifier
    (preprocessing,) = classifier.preprocessing
    scaler = preprocessing.scaler
    blobs = {
        preprocessing.featureName: scaler.channelScale * images[:, None].astype(np.float64)
        + scaler.grayBias
    }
    for layer in classifier.layers:
        kind = layer.WhichOneof("layer")
        (source,), (target,) = layer.input, layer.output
        blobs[target] = EVALUATORS[kind](getattr(layer, kind), blobs[source])
    return blobs[classifier.labelProbabilityLayerName].reshape(len(images), -1)


def values(weights, *shape):
    return np.array(weights.floatValue, np.float64).reshape(shape)


def evaluate_convolution(params, x):
    outputs, inputs = params.outputChannels, params.kernelChannels
    weights = values(params.weights, outputs, inputs, 3, 3)
    height, width = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    y = np.zeros((len(x), outputs, height, width))
    for dy in range(3):
        for dx in range(3):
            window = padded[:, :, dy : dy + height, dx : dx + width]
            y += np.einsum("oc,nchw->nohw", weights[:, :, dy, dx], window, optimize=True)
    return y + values(params.bias, 1, outputs, 1, 1) if params.hasBias else y


def evaluate_batchnorm(params, x):
    gamma, beta, mean, variance = (values(w, 1, params.channels, 1, 1) for w in (
        params.gamma, params.beta, params.mean, params.variance))
    return gamma * (x - mean) / np.sqrt(variance + params.epsilon) + beta


def evaluate_pooling(params, x):
    corners = [x[:, :, dy::2, dx::2] for dy in range(2) for dx in range(2)]
    return np.maximum.reduce(corners)


def evaluate_inner_product(params, x):
    weights = values(params.weights, params.outputChannels, params.inputChannels)
    y = x[:, :, 0, 0] @ weights.T + values(params.bias, params.outputChannels)
    return y[:, :, None, None]


EVALUATORS = {
    "convolution": evaluate_convolution,
    "activation": lambda params, x: np.maximum(x, 0),
    "batchnorm": evaluate_batchnorm,
    "pooling": evaluate_pooling,
    "flatten": lambda params, x: x.reshape(len(x), -1, 1, 1),
    "innerProduct": evaluate_inner_product,
    "softmax": lambda params, x: softmax(x),
}


def check(written, read, network, images, labels):
    """The file says what was trained: same fields, same weights, same predictions."""
    assert read == written, "the model read back differs from the one written"
    layers = {layer.name: layer for layer in read.neuralNetworkClassifier.layers}
    for name, layer in network:
        message = getattr(layers[name], layers[name].WhichOneof("layer"))
        for field in ("weights", "bias", "gamma", "beta", "mean", "variance"):
            trained = getattr(layer, field, None)
            if trained is not None:
                stored = np.array(getattr(message, field).floatValue, np.float32)
                assert np.array_equal(stored, trained.ravel()), f"{name}.{field} differs"

    reference = evaluate(read, images)
    trained = softmax(forward(network, to_input(images)))
    error = np.abs(reference - trained).max()
    assert error < 1e-5, f"expected the probabilities of the trained network, off by {error}"
    assert accuracy(reference, labels) == accuracy(trained, labels)
    return reference


# ---------------------------------------------------------------------------
# Files


def write_png(path, image):
    """An 8-bit grayscale PNG."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    height, width = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(rows, 9)))
        file.write(chunk(b"IEND", b""))


def write_test_set(directory, images, labels):
    os.makedirs(directory, exist_ok=True)
    np.save(os.path.join(directory, "images.npy"), images)
    np.save(os.path.join(directory, "labels.npy"), labels)
    for digit in range(10):
        first = np.flatnonzero(labels == digit)[0]
        write_png(os.path.join(directory, f"digit-{digit}.png"), images[first])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proto-dir", default=os.path.join(HERE, "..", "..", "proto"),
                        help="where the .proto files of the format are")
    parser.add_argument("--output-dir", default=HERE, help="where the results go")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    args = parser.parse_args()

    images, labels = load_data()
    test_images, test_labels = images[-HELD_BACK:], labels[-HELD_BACK:]
    start = time.monotonic()
    network = train(images[:-HELD_BACK], labels[:-HELD_BACK], np.random.default_rng(SEED),
                    args.epochs)
    print(f"trained in {time.monotonic() - start:.0f} s")
    test_accuracy = accuracy(forward(network, to_input(test_images)), test_labels)

    path = os.path.join(args.output_dir, "digits.mlmodel")
    os.makedirs(args.output_dir, exist_ok=True)
    with tempfile.TemporaryDirectory() as build_dir:
        schema = load_schema(args.proto_dir, build_dir)
    model = build_model(schema, network, test_accuracy)
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    with open(path, "rb") as file:
        read = type(model).FromString(file.read())

    reference = check(model, read, network, test_images, test_labels)
    np.save(os.path.join(args.output_dir, "reference.npy"), reference.astype(np.float32))
    write_test_set(os.path.join(args.output_dir, "test"), test_images, test_labels)
    right = int((reference.argmax(1) == test_labels).sum())
    print(f"{path}: {os.path.getsize(path)} bytes, {right} of {len(test_labels)} held-back "
          f"images right ({100 * test_accuracy:.2f} %)")


if __name__ == "__main__":
    main()
