# The command line with Node 24 and git, for forges and machines that run containers. Nothing is
# installed from the npm registry: the bundle in dist has everything.
FROM node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd

LABEL org.opencontainers.image.source="https://github.com/OWNER/inference-gate" \
      org.opencontainers.image.description="Gates changes on the latency, errors and cost of an LLM endpoint" \
      org.opencontainers.image.licenses="MIT"

# The baseline branch is read and written with git.
RUN apk add --no-cache git

COPY package.json LICENSE /opt/inference-gate/
COPY dist/ /opt/inference-gate/dist/
RUN ln -s /opt/inference-gate/dist/cli.js /usr/local/bin/inference-gate

RUN mkdir -m 1777 /work

USER node
WORKDIR /work
ENTRYPOINT ["inference-gate"]
CMD ["--help"]
