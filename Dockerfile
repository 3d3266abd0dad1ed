# The service as an image: built by Maven, split into layers, started from an AOT cache that was trained on the very
# runtime and flags it starts with. `docker build -t adagrad-service .` needs nothing but this directory.
#
# The base images have tags of a major version, so that each build takes their latest fixes. Builds that are to agree name
# them by digest: --build-arg MAVEN=maven@sha256:... --build-arg JRE=eclipse-temurin@sha256:...
# They are stages, because Dependabot reads no tag in an ARG.
ARG MAVEN=maven
ARG JRE=jre
FROM maven:3.9-eclipse-temurin-25 AS maven
FROM eclipse-temurin:25-jre AS jre

FROM ${JRE} AS base

FROM ${MAVEN} AS build
WORKDIR /build
# Maven is to trust whom the runtime trusts: in some builds of the JDK this file is only a link to one of the system's,
# which an image may lack.
COPY --from=base /opt/java/openjdk/lib/security/cacerts /opt/java/openjdk/lib/security/cacerts
# A build of a class that does nothing fetches every dependency and plugin that the whole will need, annotation processors
# included (which dependency:go-offline forgets). This layer is used again until the pom changes.
COPY pom.xml ./
COPY src/main/java/dev/adagrad/package-info.java src/main/java/dev/adagrad/
RUN printf 'package dev.adagrad;\n\n/// Does nothing.\npublic final class Nothing {\n\n\tprivate Nothing() {\n\t}\n\n\tpublic static void main(String[] arguments) {\n\t}\n\n}\n' \
		>src/main/java/dev/adagrad/Nothing.java \
	&& mvn -B -ntp package -Dmaven.test.skip=true \
	&& rm src/main/java/dev/adagrad/Nothing.java
COPY src ./src
# The commit that this is built from, for /actuator/info: --build-arg REVISION="$(git rev-parse HEAD)". There is no .git here.
ARG REVISION=
RUN if [ -n "$REVISION" ]; then echo "git.commit.id=$REVISION" >src/main/resources/git.properties; fi \
	&& mvn -B -ntp clean package -Dmaven.test.skip=true \
	&& java -Djarmode=tools -jar target/adagrad-service.jar extract --layers --destination layers
# SQLite's native library would be unpacked into the volume, where a cautious host lets nothing be executed: so it is
# taken out of its jar here. What has extracted the layers is of no use in them.
RUN rm layers/dependencies/lib/spring-boot-jarmode-tools-*.jar \
	&& jar --extract --file layers/dependencies/lib/sqlite-jdbc-*.jar "org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" \
	&& install -D -m 0755 org/sqlite/native/Linux/*/libsqlitejdbc.so native/libsqlitejdbc.so

FROM base AS runtime
# A fixed number, so that volumes keep their owner and Kubernetes can see that it is not root.
RUN groupadd --system --gid 10001 adagrad \
	&& useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin adagrad \
	&& install -d -o adagrad -g adagrad -m 0750 /data
WORKDIR /app
# What changes seldom comes first. All of it belongs to root: the service cannot change itself.
COPY --from=build /build/native/ ./native/
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# The list of all libraries, as CycloneDX, and their licences: here whoever scans the image finds them.
COPY --from=build /build/target/classes/META-INF/sbom/application.cdx.json ./sbom.cdx.json
COPY --from=build /build/target/classes/META-INF/THIRD-PARTY.txt ./
# One place for the flags, as an AOT cache only fits a JVM whose object layout is the one it was trained with:
#  - compressed oops are asked for by name, because a heap percentage alone would switch them off on large machines
#    (and with them the cache); the heap then ends at 32 GiB
#  - half of the memory for the heap: what the JVM, SQLite and the buffers of connections need beside it is some 230 MB,
#    whatever the heap, so that 512 MB suffice; with much more memory let the heap have more of it
#  - no collector is named: the JVM takes Serial in small containers and G1 in others, and the cache fits both
#  - no exit on OutOfMemoryError: a request that is too much for the heap is refused with a 503, and the others go on
# More flags, or others: JAVA_TOOL_OPTIONS.
RUN printf '%s\n' -XX:MaxRAMPercentage=50 -XX:+UseCompressedOops \
	-Dorg.sqlite.lib.path=/app/native -Dorg.sqlite.lib.name=libsqlitejdbc.so \
	'-jar /app/adagrad-service.jar' > /app/java.args
# What is kept, and what is too large for memory while a request is under way: both on the volume.
ENV ADAGRAD_STORE_PATH=/data ADAGRAD_SPOOL_PATH=/data/spool
USER 10001:10001

FROM runtime AS training
# Starts the service with what follows, calls it, stops it; fails if a call is refused.
COPY src/docker/warm-up /tmp/
RUN ["bash", "/tmp/warm-up", "java", "-XX:AOTCacheOutput=/tmp/adagrad.aot", "@/app/java.args"]

FROM runtime
COPY --from=training --chown=0:0 /tmp/adagrad.aot /app/adagrad.aot
# AOTMode=on refuses to start where the cache does not fit; without it the JVM would start all the same, only slower.
RUN java -XX:AOTCache=/app/adagrad.aot -XX:AOTMode=on -Dspring.context.exit=onRefresh -Dserver.port=0 \
	-Dadagrad.store.path=/tmp/store @/app/java.args && rm -rf /tmp/store /tmp/hsperfdata*
VOLUME /data
EXPOSE 8080
# env: options meant for the service (a collector, an agent, a debugger's port) must not reach this second, tiny JVM.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
	CMD ["env", "-u", "JAVA_TOOL_OPTIONS", "-u", "JDK_JAVA_OPTIONS", \
	"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m", "-Xshare:auto", \
	"-cp", "/app/adagrad-service.jar", "dev.adagrad.container.HealthCheck"]
# java is process 1: TERM reaches it, and it shuts down gracefully.
ENTRYPOINT ["java", "-XX:AOTCache=/app/adagrad.aot", "@/app/java.args"]
# REVISION as above; SOURCE is the address of the repository: --build-arg SOURCE=https://...
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$REVISION" \
	org.opencontainers.image.source="$SOURCE" \
	org.opencontainers.image.title="AdaGrad service" \
	org.opencontainers.image.description="AdaGrad over HTTP: POST parameter, grad and G, get the next parameter and G back, or keep them in a session." \
	org.opencontainers.image.licenses="Apache-2.0"
