package dev.adagrad.server;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/// Logs which certificate new connections get after its files have changed. Spring Boot reloads them, and logs only that it
/// could not.
@Component
class ReloadedCertificate {

	private static final Logger logger = LoggerFactory.getLogger(ReloadedCertificate.class);

	/// Tomcat's own handler comes first: it is added when the server is made, and this
	/// component is made later. If that handler fails, this one is not called.
	ReloadedCertificate(ServerProperties server, SslBundles bundles) {
		Ssl ssl = server.getSsl();
		if (ssl != null && ssl.isEnabled() && ssl.getBundle() != null) {
			bundles.addBundleUpdateHandler(ssl.getBundle(), ReloadedCertificate::reloaded);
		}
	}

	private static void reloaded(SslBundle bundle) {
		KeyStore keys = bundle.getStores().getKeyStore();
		if (keys == null) {
			return;
		}
		try {
			for (String alias : Collections.list(keys.aliases())) {
				if (keys.getCertificate(alias) instanceof X509Certificate certificate) {
					logger.info("new connections get the certificate of {}, valid until {}",
							certificate.getSubjectX500Principal(), certificate.getNotAfter().toInstant());
				}
			}
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
