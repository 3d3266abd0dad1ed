package dev.adagrad.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RequestSpoolTest {

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@TempDir
	private Path folder;

	private RequestSpool spool;

	@BeforeEach
	void begin() {
		this.spool = new RequestSpool(new SpoolProperties(this.folder.toString()));
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(this.request));
	}

	@AfterEach
	void end() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void filesAreClosedWhenTheRequestIsOver() throws IOException {
		this.spool.preHandle(this.request, this.response, this);
		SpoolFile one = this.spool.open();
		SpoolFile other = this.spool.forAnyThread().open();
		one.append(ByteBuffer.allocate(1));
		other.append(ByteBuffer.allocate(1));
		this.spool.afterCompletion(this.request, this.response, this, null);
		assertClosed(one);
		assertClosed(other);
	}

	@Test
	void aFileThatComesTooLateIsClosedAtOnce() throws IOException {
		this.spool.preHandle(this.request, this.response, this);
		Spool late = this.spool.forAnyThread();
		this.spool.afterCompletion(this.request, this.response, this, null);
		assertClosed(late.open());
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void noFileIsOpenedThatNobodyWouldClose() {
		assertThatIllegalStateException().isThrownBy(this.spool::open);
		RequestContextHolder.resetRequestAttributes();
		assertThatIllegalStateException().isThrownBy(this.spool::open);
	}

	private static void assertClosed(SpoolFile file) {
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.append(ByteBuffer.allocate(1)));
	}

}
