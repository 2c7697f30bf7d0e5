# An image for a step of a pipeline that starts runs in Kubernetes: Drumline and kubectl. Unlike the image of Drumline,
# it runs any command, because pipelines start a shell in it. From the root of the repository:
#
#   docker build -f docker/kubectl.Dockerfile -t drumline-kubectl docker

# Where `drumline` comes from: an image built with docker/Dockerfile.
ARG DRUMLINE_IMAGE=drumline
# An image with /bin/kubectl, of a version at most one away from the cluster's.
ARG KUBECTL_IMAGE=registry.k8s.io/kubectl:v1.35.0

FROM ${KUBECTL_IMAGE} AS kubectl

FROM ${DRUMLINE_IMAGE}
COPY --from=kubectl /bin/kubectl /usr/local/bin/kubectl
ENTRYPOINT ["tini", "--"]
CMD ["drumline", "--help"]
