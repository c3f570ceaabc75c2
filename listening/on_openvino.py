"""A sentence-transformers model whose layers are run by OpenVINO: the same vectors, quicker on some processors.

Words are cut into pieces, averaged and brought to unit length by sentence-transformers as ever; only the layers between
are run by another engine, in 32-bit numbers. OpenVINO reports each import to its makers unless its part for that cannot
be found: here it never can.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TRIED_ON: Final = (("Buses should run later.",), ("We cook together on Fridays, and everyone brings a dish.", "Yes"))
"""Batches of two shapes that both engines must agree on before the second is trusted."""

AGREE: Final = 0.9999
"""The least cosine between the vectors of both engines."""


class CannotRun(Exception):
    """OpenVINO is not installed, or does not give the same vectors; the message says which."""


def version() -> str:
    """The version of OpenVINO. Raises CannotRun if it is not installed."""
    return str(_openvino().__version__).split("-")[0]


def _openvino() -> Any:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # so that importing it fails
    try:
        import openvino
    except ImportError as error:
        raise CannotRun("OpenVINO is not installed") from error
    return openvino


def take_over(model: SentenceTransformer, threads: int) -> None:
    """From now on OpenVINO runs the layers of this model, for up to so many callers at once.

    Raises CannotRun, and leaves the model as it was, if OpenVINO is missing, cannot run it, or gives other vectors.
    """
    openvino = _openvino()
    before = _vectors(model)
    layers = model[0].model
    try:
        model[0].model = _converted(openvino, model, threads)
        agreed = np.sum(before * _vectors(model), axis=1).min()
    except Exception as error:
        model[0].model = layers
        raise CannotRun(f"OpenVINO cannot run this model ({type(error).__name__})") from error
    if not agreed >= AGREE:
        model[0].model = layers
        raise CannotRun("OpenVINO gives other vectors for this model")


def _vectors(model: SentenceTransformer) -> Any:
    batches = [model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False) for texts in TRIED_ON]
    return np.concatenate(batches)


def _converted(openvino: Any, model: SentenceTransformer, threads: int) -> Any:
    import torch
    from transformers.modeling_outputs import BaseModelOutput

    layers: Any = model[0].model
    features = model.preprocess(list(TRIED_ON[1]))
    names = [name for name, value in features.items() if torch.is_tensor(value)]

    class Traced(torch.nn.Module):
        """The layers as a function of tensors, in the order of the names."""

        def __init__(self) -> None:
            super().__init__()
            self.layers = layers

        def forward(self, *tensors: torch.Tensor) -> Any:
            return self.layers(**dict(zip(names, tensors, strict=True))).last_hidden_state

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about tracing; what comes of it is checked
        graph = openvino.convert_model(Traced(), example_input=tuple(features[name] for name in names))
    for given in graph.inputs:
        given.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
    graph.validate_nodes_and_infer_types()
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads}
    compiled = openvino.compile_model(graph, "CPU", options)
    requests = threading.local()

    class Layers(torch.nn.Module):
        """What sentence-transformers calls in place of the layers."""

        config = layers.config

        def forward(self, **given: Any) -> Any:
            if not hasattr(requests, "one"):
                requests.one = compiled.create_infer_request()
            _run(requests.one, [given[name].numpy() for name in names])
            return BaseModelOutput(last_hidden_state=torch.from_numpy(requests.one.get_output_tensor(0).data.copy()))

    return Layers()


def _run(request: Any, inputs: Sequence[Any]) -> None:
    request.infer(dict(enumerate(inputs)), share_inputs=True)
