package dev.adagrad.server;

import java.io.File;

import org.apache.catalina.core.StandardContext;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/// Keeps Tomcat from making folders. By itself Tomcat makes two below `java.io.tmpdir` at each start, one for files to
/// serve and one to work in. They stay for ever if the process is killed, and Tomcat does not start if it cannot make
/// them. Nothing here needs either. So Tomcat gets an existing folder, from which it serves nothing and in which it makes
/// nothing.
///
/// This also covers the management endpoints if they have another port.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class NoTemporaryFolders {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> useTheWorkingDirectory() {
		return (factory) -> {
			File base = factory.getBaseDirectory();
			File there = (base != null) ? base : new File("").getAbsoluteFile();
			factory.setBaseDirectory(there);
			// otherwise Tomcat would make one
			factory.setDocumentRoot(there);
			factory.addContextCustomizers((context) -> {
				// so that no file of that folder is served
				context.setDocBase(null);
				if (context instanceof StandardContext standard) {
					standard.setWorkDir(there.getPath());
				}
			});
		};
	}

}
