# One static binary that runs as nobody in particular, on nothing else but certificates of authorities.
FROM golang:1.26.11 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /convexgateway .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /convexgateway /convexgateway
USER 65532:65532
EXPOSE 50051 8080 9090
ENTRYPOINT ["/convexgateway"]
CMD ["serve", "--grpc-addr", ":50051", "--http-addr", ":8080", "--admin-addr", ":9090"]
