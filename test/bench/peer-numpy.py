"""The workloads in NumPy, written the way the book writes them: one object a layer, im2col for images. As there, every
layer's backward pass gives the gradient of its input, the first layer's too, which nobody needs.

peer-numpy.py check W1,W2,..                    losses of the first steps, to be compared with everybody's
peer-numpy.py measure W1,..,products SECONDS REPEATS
Prints one JSON object a line. One thread, float32.
"""

import json
import sys
import time

import numpy as np

F = np.float32
ROWS, BATCH, CLASSES = 60_000, 100, 10
CHECK_ROWS, CHECK_BATCH, CHECK_STEPS = 80, 20, 4


def uniform(first, count):
    """Hash of a counter, in [0, 1): the numbers every peer starts from."""
    x = (np.arange(count, dtype=np.uint64) + np.uint64(first)).astype(np.uint32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    x = x ^ (x >> np.uint32(16))
    return (x / 4294967296.0).astype(F)


def make_data(rows):
    x = np.empty((rows, 784), F)
    for start in range(0, rows, 5000):
        stop = min(rows, start + 5000)
        x[start:stop] = uniform(start * 784, (stop - start) * 784).reshape(-1, 784)
    return x, np.argmax(x[:, :10] + x[:, 10:20], axis=1)


class Affine:
    def __init__(self, w, b):
        self.params = [w, b]

    def forward(self, x, train):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.params[0] + self.params[1]

    def backward(self, dy):
        self.grads = [self.x.T @ dy, dy.sum(axis=0)]
        return (dy @ self.params[0].T).reshape(self.shape)


class Sigmoid:
    params = []

    def forward(self, x, train):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dy):
        return dy * self.y * (1 - self.y)


class Relu:
    params = []

    def forward(self, x, train):
        self.mask = x <= 0
        y = x.copy()
        y[self.mask] = 0
        return y

    def backward(self, dy):
        dy[self.mask] = 0
        return dy


class Dropout:
    params = []

    def __init__(self, rate):
        self.rate = rate

    def forward(self, x, train):
        if not train:
            return x
        self.mask = (np.random.rand(*x.shape) > self.rate) * F(1 / (1 - self.rate))
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask


class BatchNorm:
    def __init__(self, features):
        self.params = [np.ones(features, F), np.zeros(features, F)]
        self.mean, self.var = np.zeros(features, F), np.ones(features, F)

    def forward(self, x, train):
        gamma, beta = self.params
        if not train:
            return gamma * (x - self.mean) / np.sqrt(self.var + F(1e-5)) + beta
        mean = x.mean(axis=0)
        self.centred = x - mean
        var = np.mean(self.centred**2, axis=0)
        self.std = np.sqrt(var + F(1e-5))
        self.normal = self.centred / self.std
        self.mean = F(0.9) * self.mean + F(0.1) * mean
        self.var = F(0.9) * self.var + F(0.1) * var
        return gamma * self.normal + beta

    def backward(self, dy):
        """Step by step through the graph, as the book derives it."""
        gamma, _ = self.params
        n = F(len(dy))
        self.grads = [np.sum(self.normal * dy, axis=0), dy.sum(axis=0)]
        dnormal = gamma * dy
        dcentred = dnormal / self.std
        dstd = -np.sum(dnormal * self.centred / (self.std * self.std), axis=0)
        dvar = F(0.5) * dstd / self.std
        dcentred += F(2) / n * self.centred * dvar
        return dcentred - np.sum(dcentred, axis=0) / n


def im2col(x, k, stride):
    n, c, height, width = x.shape
    oh, ow = (height - k) // stride + 1, (width - k) // stride + 1
    col = np.empty((n, c, k, k, oh, ow), x.dtype)
    for i in range(k):
        for j in range(k):
            col[:, :, i, j] = x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(col, shape, k, stride):
    n, c, height, width = shape
    oh, ow = (height - k) // stride + 1, (width - k) // stride + 1
    col = col.reshape(n, oh, ow, c, k, k).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape, col.dtype)
    for i in range(k):
        for j in range(k):
            x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += col[:, :, i, j]
    return x


class Convolution:
    def __init__(self, w, b):
        self.params = [w, b]

    def forward(self, x, train):
        w, b = self.params
        filters, _, k, _ = w.shape
        n, _, height, width = x.shape
        self.shape = x.shape
        self.col = im2col(x, k, 1)
        y = self.col @ w.reshape(filters, -1).T + b
        return y.reshape(n, height - k + 1, width - k + 1, filters).transpose(0, 3, 1, 2)

    def backward(self, dy):
        w, _ = self.params
        dy = dy.transpose(0, 2, 3, 1).reshape(-1, len(w))
        self.grads = [(self.col.T @ dy).T.reshape(w.shape), dy.sum(axis=0)]
        return col2im(dy @ w.reshape(len(w), -1), self.shape, w.shape[2], 1)


class MaxPool:
    params = []

    def forward(self, x, train):
        self.shape = x.shape
        n, c, height, width = x.shape
        col = im2col(x.reshape(n * c, 1, height, width), 2, 2)
        self.argmax = col.argmax(axis=1)
        return col[np.arange(len(col)), self.argmax].reshape(n, c, height // 2, width // 2)

    def backward(self, dy):
        n, c, height, width = self.shape
        col = np.zeros((dy.size, 4), dy.dtype)
        col[np.arange(dy.size), self.argmax] = dy.ravel()
        return col2im(col, (n * c, 1, height, width), 2, 2).reshape(self.shape)


class Sgd:
    def __init__(self, lr):
        self.lr = F(lr)

    def update(self, params, grads):
        for p, g in zip(params, grads):
            p -= self.lr * g


class Adam:
    def __init__(self, lr=0.001):
        self.lr, self.t, self.m, self.v = F(lr), 0, None, None

    def update(self, params, grads):
        if self.m is None:
            self.m = [np.zeros_like(p) for p in params]
            self.v = [np.zeros_like(p) for p in params]
        self.t += 1
        c1, c2 = F(1 - 0.9**self.t), F(1 - 0.999**self.t)
        for p, g, m, v in zip(params, grads, self.m, self.v):
            m += F(0.1) * (g - m)
            v += F(0.001) * (g * g - v)
            p -= self.lr * (m / c1) / (np.sqrt(v / c2) + F(1e-8))


class Net:
    def __init__(self, layers):
        self.layers = layers
        self.params = [p for layer in layers for p in layer.params]

    def predict(self, x, train=False):
        for layer in self.layers:
            x = layer.forward(x, train)
        return x

    def step(self, x, t, optimizer):
        logits = self.predict(x, True)
        z = logits - logits.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(t))
        loss = -np.log(p[rows, t] + F(1e-37)).mean()
        p[rows, t] -= 1
        d = p / F(len(t))
        for layer in reversed(self.layers):
            d = layer.backward(d)
        optimizer.update(self.params, [g for layer in self.layers if layer.params for g in layer.grads])
        return float(loss)


def make_net(workload, dropout=True):
    drawn = 0

    def draw(shape, fan_in, gain):
        nonlocal drawn
        limit = np.sqrt(3 * gain / fan_in)
        u = uniform(1_000_000_000 + 10_000_000 * drawn, int(np.prod(shape)))
        drawn += 1
        return ((2 * u.astype(np.float64) - 1) * limit).astype(F).reshape(shape)

    def affine(inputs, units, gain=2):
        return Affine(draw((inputs, units), inputs, gain), np.zeros(units, F))

    if workload == "W1":
        return Net([affine(784, 50, 1), Sigmoid(), affine(50, 10, 1)]), Sgd(0.1)
    if workload == "W4":
        conv = Convolution(draw((30, 1, 5, 5), 25, 2), np.zeros(30, F))
        return Net([conv, Relu(), MaxPool(), affine(4320, 100), Relu(), affine(100, 10)]), Adam()
    layers, inputs = [], 784
    for _ in range(5):
        layers.append(affine(inputs, 100))
        if workload == "W3":
            layers.append(BatchNorm(100))
        layers.append(Relu())
        if workload == "W3" and dropout:
            layers.append(Dropout(0.2))
        inputs = 100
    return Net([*layers, affine(100, 10)]), Adam()


def emit(**line):
    print(json.dumps(line), flush=True)


def rate(call, seconds, repeats):
    """Calls a second, the median of some measurements, and the share of a processor that went into them."""
    start = time.perf_counter()
    call()
    first = time.perf_counter() - start
    if first > 2 * seconds:
        return 1 / first, None
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        call()
    rates, began, used = [], time.perf_counter(), time.process_time()
    for _ in range(repeats):
        calls, start = 0, time.perf_counter()
        while True:
            call()
            calls += 1
            now = time.perf_counter()
            if now - start >= seconds:
                break
        rates.append(calls / (now - start))
    share = (time.process_time() - used) / (time.perf_counter() - began)
    return float(np.median(rates)), share


def check(workloads):
    x, t = make_data(CHECK_ROWS)
    for workload in workloads:
        net, optimizer = make_net(workload, dropout=False)
        if workload == "W5":
            values = net.predict(x[:2]).ravel().tolist()
        else:
            xs = x.reshape(-1, 1, 28, 28) if workload == "W4" else x
            parts = [slice(i * CHECK_BATCH, (i + 1) * CHECK_BATCH) for i in range(CHECK_STEPS)]
            values = [net.step(xs[part], t[part], optimizer) for part in parts]
        emit(kind="check", workload=workload, values=values)


def measure(workloads, seconds, repeats):
    products = "products" in workloads
    workloads = [w for w in workloads if w != "products"]
    x, t = make_data(ROWS) if workloads else (None, None)
    for workload in workloads:
        net, optimizer = make_net(workload)
        if workload == "W5":

            def infer():
                for start in range(0, 10_000, BATCH):
                    net.predict(x[start : start + BATCH]).argmax(axis=1)

            value, share = rate(infer, seconds, repeats)
            emit(kind="figure", workload=workload, metric="samples/s", value=10_000 * value, share=share)
            continue
        xs = x.reshape(-1, 1, 28, 28) if workload == "W4" else x

        def step():
            rows = np.random.choice(ROWS, BATCH)
            net.step(xs[rows], t[rows], optimizer)

        value, share = rate(step, seconds, repeats)
        emit(kind="figure", workload=workload, metric="steps/s", value=value, share=share)
    if products:
        measure_products(seconds / 3, repeats)


def measure_products(seconds, repeats):
    for rows, inputs, units in [(100, 784, 50), (100, 784, 100), (100, 100, 100), (100, 4320, 100), (100, 100, 10)]:
        x, w, dy = (uniform(i, n * m).reshape(n, m) - F(0.5) for i, (n, m) in enumerate([(rows, inputs), (inputs, units), (rows, units)]))
        y, dw, dx = np.empty((rows, units), F), np.empty((inputs, units), F), np.empty((rows, inputs), F)

        def forward():
            np.dot(x, w, out=y)

        def weights():
            np.dot(x.T, dy, out=dw)

        def backward():
            np.dot(x.T, dy, out=dw)
            np.dot(dy, w.T, out=dx)

        for name, call, count in [("forward", forward, 1), ("weights", weights, 1), ("backward", backward, 2)]:
            calls, share = rate(call, seconds, repeats)
            value = 2 * count * rows * inputs * units * calls / 1e9
            emit(kind="figure", workload=f"{name} {rows}x{inputs}x{units}", metric="GFLOP/s", value=value, share=share)


if __name__ == "__main__":
    what, names = sys.argv[1], sys.argv[2].split(",")
    if what == "check":
        check([w for w in names if w != "products"])
    else:
        measure(names, float(sys.argv[3]), int(sys.argv[4]))
