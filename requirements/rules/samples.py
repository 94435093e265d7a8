"""What each rule of smartreise.yaml finds, and what it leaves alone; `semgrep test` reads the comments."""

import hmac
import logging
import pickle

import aiohttp
import numpy as np

log = logging.getLogger(__name__)


def fetch(url):
    # ruleid: fetch-by-our-fetcher
    session = aiohttp.ClientSession()
    # ruleid: no-certificate-goes-unchecked
    return session.get(url, ssl=False)


def is_right(token, digest, other):
    # ruleid: secrets-are-compared-in-constant-time
    if digest == other:
        return True
    # ok: secrets-are-compared-in-constant-time
    return hmac.compare_digest(digest, other)


def answer(request):
    # ruleid: no-logging-of-what-people-ask
    log.info("asked %s", request.query)
    # ruleid: no-logging-of-what-people-ask
    log.warning("asked by %s", request.headers["X-Forwarded-For"])
    # ok: no-logging-of-what-people-ask
    log.info("asked for %s", request.match_info.route)


def read(file):
    # ruleid: no-pickle
    one = pickle.loads(file)
    # ok: no-pickle
    return np.load(file, allow_pickle=False)
