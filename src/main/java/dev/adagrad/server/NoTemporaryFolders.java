package dev.adagrad.server;

import java.io.File;

import org.apache.catalina.core.StandardContext;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/// Has Tomcat make no folder. By itself it makes two below `java.io.tmpdir` at each start, one for files to serve and one
/// to work in, which stay for ever when the process is killed, and does not start where they cannot be made. Nothing here
/// needs either: so it is given a folder that is there, of which it serves nothing and in which it makes nothing.
///
/// Also for the port of the management endpoints, where that is another one.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class NoTemporaryFolders {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> useTheWorkingDirectory() {
		return (factory) -> {
			File base = factory.getBaseDirectory();
			File there = (base != null) ? base : new File("").getAbsoluteFile();
			factory.setBaseDirectory(there);
			// else one would be made
			factory.setDocumentRoot(there);
			factory.addContextCustomizers((context) -> {
				// no file of that folder is served
				context.setDocBase(null);
				if (context instanceof StandardContext standard) {
					standard.setWorkDir(there.getPath());
				}
			});
		};
	}

}
